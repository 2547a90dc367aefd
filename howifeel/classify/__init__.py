"""Classifiers: face crops in, probabilities of the seven expressions out."""
