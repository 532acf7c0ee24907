"""One file per process; the only place where the edges meet."""
