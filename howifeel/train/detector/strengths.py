"""How strongly training samples vary."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Augment:
    """How strongly samples vary. Probabilities are 0..1; spans are (low, high), drawn uniformly.

    Attributes:
        negatives: share of samples (or of mosaic cells) without a face.
        colour_negatives: share of these that get false colours, because photos without a face
            are often grey and a net must not take colour for a sign of a face.
        smooth_negatives: share of these that are smeared to a gradient, like a sky or a wall.
        labelled: share of photos that were marked by detectors and not by people, if there are any.
        whole: share of samples that show the whole picture unzoomed.
        zoom_log: natural logarithm of the zoom; 0 squashes the whole picture into the input.
        bare: share of samples that show an enlarged part of a photo without a face: clothes, hands
            and surroundings, in colour and near faces, as pictures without a face seldom have them.
        bare_zoom_log: like `zoom_log`, for these.
        mosaic: share of samples made of several pictures.
        mosaic_sides: numbers of rows and columns of a mosaic, drawn evenly.
        mosaic_zoom_log: like `zoom_log`, for the cells of a mosaic.
        aspect_log: logarithm of the stretch in x, and of the squeeze in y.
        aim: share of zoomed-in windows that are aimed at a face.
        rotate: share of samples that are rotated.
        rotate_degrees: by how much.
        grey: share without colour.
        hue_saturation: share of the rest with another hue and saturation.
        tone: share with another gamma, gain and offset.
        aliased: share of strong reductions without averaging, as programs make them that hand a
            large picture to `cv2.dnn.blobFromImage`.
        degrade: share that are blurred, shaken, coarsened, compressed or nearly dark.
        smallest_face: a face of a smaller geometric mean side in pixels is ignored.
        least_visible: a face with a smaller part inside the picture is ignored.
    """

    negatives: float = 0.2
    colour_negatives: float = 0.6
    smooth_negatives: float = 0.1
    labelled: float = 0.25
    whole: float = 0.25
    zoom_log: Span = (-0.7, 1.3)
    bare: float = 0.08
    bare_zoom_log: Span = (0.3, 1.5)
    mosaic: float = 0.25
    mosaic_sides: tuple[int, ...] = (2, 2, 3)
    mosaic_zoom_log: Span = (-0.4, 0.9)
    aspect_log: Span = (-0.2, 0.2)
    aim: float = 0.8
    rotate: float = 0.3
    rotate_degrees: Span = (-30, 30)
    grey: float = 0.25
    hue_saturation: float = 0.4
    tone: float = 0.6
    aliased: float = 0.15
    degrade: float = 0.35
    smallest_face: float = 6.5
    least_visible: float = 0.5
