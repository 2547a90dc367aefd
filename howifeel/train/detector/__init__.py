"""Trains the face detector: a small single-shot net that ships as a Caffe pair."""
