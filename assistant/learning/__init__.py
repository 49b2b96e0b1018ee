"""Set-up work: the encoder learns to read messages. It imports torch, the service never does."""
