"""The batch page: a queue of files, worked through one after the other."""
