"""What can be compared: one logit, square images of formula.SIZE pixels, formula.py's weights.

ferbench builds the same by its own name of them (benchmarks/model_rates.cpp).
"""

from typing import Callable, NamedTuple

import torch
from torch import nn

import formula


class Network(NamedTuple):
    channels: int
    build: Callable[[], nn.Module]


def fernet():
    """src/models/fernet.cpp; the rates of its dropout stand there, too."""
    rates = (0.4, 0.4, 0.5, 0.5, 0.6, 0.6)
    layers, channels = [], 1
    for (filters, kernel), rate in zip(((32, 5), (64, 3), (128, 3), (256, 3)), rates):
        layers += fernet_block(channels, filters, kernel, rate)
        channels = filters
    layers.append(nn.Flatten())
    features = 2304
    for width, rate in zip((512, 128), rates[4:]):
        layers += [
            nn.Linear(features, width),
            nn.ReLU(inplace=True),
            nn.BatchNorm1d(width, eps=1e-3, momentum=0.01),
            nn.Dropout(rate),
        ]
        features = width
    return nn.Sequential(*layers, nn.Linear(features, 1))


def fernet_block(inputs, outputs, kernel, rate):
    layers = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, kernel, padding=kernel // 2),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
        ]
    return layers + [nn.MaxPool2d(2), nn.Dropout(rate)]


def resnet50():
    from torchvision.models import resnet50 as build
    return build(num_classes=1)


def vit_s16():
    """36 patches of 8x8 pixels; timm takes torch's scaled_dot_product_attention."""
    import timm
    return timm.create_model("vit_small_patch16_224", img_size=formula.SIZE, patch_size=8,
                             num_classes=1)


NETWORKS = {
    "fernet": Network(1, fernet),
    "resnet50": Network(3, resnet50),
    "vit_s16": Network(3, vit_s16),
}


def make(name, dropout=True):
    model = NETWORKS[name].build()
    with torch.no_grad():
        for t, (path, tensor) in enumerate(model.named_parameters()):
            tensor.copy_(torch.from_numpy(formula.parameter(t, path, tuple(tensor.shape))))
    for module in model.modules():
        if isinstance(module, nn.Dropout) and not dropout:
            module.p = 0
    return model
