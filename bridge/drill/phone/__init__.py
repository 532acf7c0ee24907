"""A SIP phone of a simulated party, as a process of its own.

    python -m bridge.drill.phone --bind 127.1.2.3 --user watch

It takes orders (`bridge.drill.orders`) as JSON lines on standard input and tells events as JSON lines on standard
output, each with `mono_ns` (CLOCK_MONOTONIC). It decides nothing: who calls when, and what is right, is the
script's business. One call at a time; a second caller gets 486. End of input, `quit`, SIGTERM and SIGINT hang up
and end the process.

    ready      bind port pid            media     the first audio path of a call stands
    called     uri sip_call_id          held      by_us          resumed
    ringing    status                   saying    file           said  file start_mono_ns end_mono_ns whole
    incoming   source resource_priority sip_call_id              digit  digit
    answered                            muted     unmuted        RTP stopped and sent again
    ended      status text answered reason (Reason header of the far end's BYE or CANCEL)
    mode       mode: how the next call is met
    failed     why: an order could not be carried out            bye   the process ends

Only this package of the drill knows pjsua2.
"""
