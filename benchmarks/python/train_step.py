"""Fernet's training step as a plain PyTorch loop (torch 2.11.0), on the CPU.

channels_last, fused Adam and, with --bf16, autocast: the best eager settings. Prints
images per second (median of the timed steps).
"""

import argparse
import statistics
import time

import torch
from torch import nn


def block(inputs, outputs, kernel, rate):
    layers = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, kernel, padding=kernel // 2),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
        ]
    return layers + [nn.MaxPool2d(2), nn.Dropout(rate)]


def fernet():
    layers = block(1, 32, 5, 0.4) + block(32, 64, 3, 0.4)
    layers += block(64, 128, 3, 0.5) + block(128, 256, 3, 0.5) + [nn.Flatten()]
    features = 2304
    for width in (512, 128):
        layers += [
            nn.Linear(features, width),
            nn.ReLU(inplace=True),
            nn.BatchNorm1d(width, eps=1e-3, momentum=0.01),
            nn.Dropout(0.6),
        ]
        features = width
    return nn.Sequential(*layers, nn.Linear(features, 1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = fernet().to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)
    images = torch.randint(0, 256, (512, 1, 48, 48), dtype=torch.uint8)
    labels = torch.randint(0, 2, (512,))
    loss_of = nn.BCEWithLogitsLoss()
    seconds = []
    for step in range(3 + options.steps):
        start = time.perf_counter()
        rows = torch.arange(step * options.batch, (step + 1) * options.batch) % 512
        x = (images[rows].float() / 255).contiguous(memory_format=torch.channels_last)
        y = labels[rows].float()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            logits = model(x)
        loss = loss_of(logits.squeeze(1).float(), y)
        loss.backward()
        optimizer.step()
        loss.item()
        if step >= 3:
            seconds.append(time.perf_counter() - start)
    print(f"{options.batch / statistics.median(seconds):.1f}")


if __name__ == "__main__":
    main()
