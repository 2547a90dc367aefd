from __future__ import annotations

from torch import Tensor, nn

from howifeel.train.nets._net import Dense, Net, initialise, pool


class Vgg(Net):
    """Stages of 3x3 convolutions, each halved by max pooling; then pooling, dense layers, `head`.

    Simonyan and Zisserman 2015, "Very deep convolutional networks". `features` is laid out as
    in torchvision, so that its weights fit.

    Args:
        classes: number of logits.
        convolutions: of each stage.
        width: channels of the first stage; each later one has twice as many, at most eight times.
        dense: sizes of fully connected layers before `head`; without any, the net is `pooled`.
        norm: batch normalisation after each convolution.
        last_pool: halve after the last stage too.
        dropout: share dropped before `head` and between dense layers, 0..1.
    """

    def __init__(
        self,
        classes: int,
        convolutions: tuple[int, ...],
        width: int,
        dense: tuple[int, ...],
        norm: bool,
        last_pool: bool,
        dropout: float,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for stage, count in enumerate(convolutions):
            outputs = width * min(8, 2**stage)
            for _ in range(count):
                layers.append(nn.Conv2d(inputs, outputs, 3, padding=1, bias=not norm))
                layers += [nn.BatchNorm2d(outputs)] if norm else []
                layers.append(nn.ReLU())
                inputs = outputs
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*(layers if last_pool else layers[:-1]))
        self.dropout = nn.Dropout(dropout)
        self.dense = Dense(inputs, dense, dropout)
        self.pooled = not dense
        self.head = nn.Linear(self.dense.outputs, classes)
        initialise(self)

    def base(self, faces: Tensor) -> Tensor:
        return self.features(faces)

    def top(self, features: Tensor) -> Tensor:
        pooled = self.dropout(pool(features)) if self.pooled else pool(features)
        return self.head(self.dense(pooled))

    def translate(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """Biases that a norm follows are moved into the norm's running mean, which is the same."""
        translated = dict(state)
        for name, value in state.items():
            place = name.removeprefix("features.").removesuffix(".bias")
            mean = f"features.{int(place) + 1}.running_mean" if place.isdigit() else ""
            if name.endswith(".bias") and mean in state:
                translated[mean] = state[mean] - value
                del translated[name]
        return translated
