"""The telephony edge: legs, admission, ladder and the only code that touches pjsua2."""
