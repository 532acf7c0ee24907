"""The commands of `hotline`, one file a group. Heavy imports happen inside a command, so that `--help` is quick."""
