#!/usr/bin/env python3
"""Writes the values that the tests of src/songs compare with: min-max, KMeans,
silhouette, PCA, adjusted Rand index, on the moods table and on generated points.

Needs Python 3.11, numpy==2.4.6, pandas==3.1.1, scikit-learn==1.9.1 and the table
spotify_moods.csv (docs/songs.md):
    python songs_sklearn.py DATA_FOLDER   (writes songs_sklearn.json here)
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import pandas
import sklearn
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.preprocessing import MinMaxScaler

REPORT = ["danceability", "speechiness", "acousticness", "liveness",
          "instrumentalness", "mode", "tempo", "time_signature"]


def hashed(n, salt):
    """n numbers in [0, 1) that C++ can make too (tests/reference/README.md)."""
    h = (np.arange(n, dtype=np.uint64) * 2654435761 + salt * 40503 + 12345)
    h &= 0xFFFFFFFF
    h ^= h >> np.uint64(16)
    h = h * 2246822519 & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(13)
    return h.astype(np.float64) / 2.0**32


def digest(labels):
    return hashlib.sha256("".join(map(str, labels)).encode()).hexdigest()


def from_centres(x, centres):
    """One run of Lloyd from given centres."""
    fit = KMeans(len(centres), init=centres, n_init=1).fit(x)
    return {"start": centres.tolist(), "centres": fit.cluster_centers_.tolist(),
            "labels": fit.labels_.tolist(), "inertia": fit.inertia_,
            "iterations": fit.n_iter_}


def seeded(x, k, seed, restarts):
    fit = KMeans(k, random_state=seed, n_init=restarts).fit(x)
    return {"clusters": k, "seed": seed, "restarts": restarts,
            "centres": fit.cluster_centers_.tolist(),
            "labels_sha256": digest(fit.labels_), "first_label":
            int(fit.labels_[0]), "inertia": fit.inertia_,
            "iterations": fit.n_iter_}


def components(x):
    pca = PCA(2, svd_solver="full").fit(x)
    return {"components": pca.components_.tolist(),
            "variance_share": pca.explained_variance_ratio_.tolist(),
            "projected": pca.transform(x)[:5].tolist()}


def generated(n, features, groups, salt):
    """Blobs around hashed centres, one of them far from all others."""
    centres = hashed(groups * features, salt).reshape(groups, features) * 4
    noise = hashed(n * features, salt + 1).reshape(n, features)
    x = centres[np.arange(n) % groups] + noise
    start = x[:groups].copy()
    far = start.copy()
    far[-1] = 50  # takes no point at first: the cluster is empty
    labels = [KMeans(k, random_state=1, n_init=3).fit(x).labels_.tolist()
              for k in range(2, groups + 2)]
    return {"n": n, "features": features, "groups": groups, "salt": salt,
            "lloyd": [from_centres(x, start), from_centres(x, far)],
            "plusplus": kmeans_plusplus(x - x.mean(axis=0), groups,
                                        random_state=7)[1].tolist(),
            "labels": labels,
            "silhouettes": [silhouette_score(x, y) for y in labels],
            "pca": components(x)}


def moods(folder):
    table = pandas.read_csv(folder / "spotify_moods.csv")
    table = table.drop_duplicates(subset=["id"])
    table = table.drop_duplicates(subset=["name"])
    table = table.sort_values("id")
    features = [c for c in REPORT if c in table]
    x = MinMaxScaler().fit_transform(table[features])
    popularity = MinMaxScaler().fit_transform(table[["popularity"]])[:, 0]
    counts = []
    for k in range(1, 10):
        fit = KMeans(k, random_state=42, n_init=10).fit(x)
        counts.append([k, fit.inertia_, None if k == 1 else
                       silhouette_score(x, fit.labels_)])
    two = KMeans(2, random_state=42, n_init=10).fit(x)
    return {"songs": len(table), "features": features,
            "first_id": table["id"].iloc[0], "first_row": x[0].tolist(),
            "sums": x.sum(axis=0).tolist(),
            "popularity": popularity[:5].tolist(),
            "lloyd": from_centres(x, x[[0, 100]].copy()) | {"labels": None},
            "seeded": [seeded(x, 2, s, r) for s in range(8) for r in (1, 10)]
            + [seeded(x, 5, 3, 2)],
            "counts": counts, "pca": components(x),
            "adjusted_rand_index": adjusted_rand_score(table["mood"],
                                                       two.labels_)}


def rand_cases():
    cases = []
    for n, a, b, salt in [(40, 3, 4, 1), (7, 2, 2, 2), (300, 5, 2, 3)]:
        x = (hashed(n, salt) * a).astype(int)
        y = np.where(hashed(n, salt + 50) < 0.5, x % b,
                     (hashed(n, salt + 90) * b).astype(int))
        cases.append({"a": x.tolist(), "b": y.tolist(),
                      "index": adjusted_rand_score(x, y)})
    return cases


def main():
    here = pathlib.Path(__file__).parent
    values = {
        "versions": {"numpy": np.__version__, "scikit-learn":
                     sklearn.__version__, "pandas": pandas.__version__},
        "moods": moods(pathlib.Path(sys.argv[1])),
        "generated": [generated(60, 3, 4, 5), generated(200, 8, 6, 9),
                      generated(30, 2, 3, 21)],
        "adjusted_rand": rand_cases(),
    }
    text = json.dumps(values, separators=(",", ":"))
    (here / "songs_sklearn.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
