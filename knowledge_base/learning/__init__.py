"""Set-up work: the encoder learns the catalogue. It imports torch, the service never does."""
