"""Writes tests/reference/lower_half.avi: six frames of 32 x 32 (Motion JPEG),
black above; the lower half is black, white, black, white, black, white.

Run: python tests/reference/lower_half_video.py
Versions: opencv-python-headless 5.0.0.93, numpy 2.4.6.
"""

import pathlib

import cv2
import numpy as np

path = pathlib.Path(__file__).parent / "lower_half.avi"
writer = cv2.VideoWriter(str(path), cv2.CAP_OPENCV_MJPEG,
                         cv2.VideoWriter_fourcc(*"MJPG"), 10, (32, 32))
assert writer.isOpened()
for number in range(6):
    frame = np.zeros((32, 32, 3), np.uint8)
    frame[16:] = 255 * (number % 2)
    writer.write(frame)
writer.release()
print(path.stat().st_size, "bytes")
