"""Network architectures; the file name is the name in a recipe.

Each module offers `build(classes, **options) -> nn.Module`. The network maps faces, float32
(n, 1, side, side), to a pair: logits (n, classes), and the features (n, k, h, w) that global
average pooling turns into the logits.
"""
