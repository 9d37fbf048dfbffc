"""docs/openapi.json against what `ferbench serve` answers: every path, every
answer's shape, the statuses of bad requests."""
import json

import jsonschema

from serving import SOURCE, Server, arguments, data_folder


def schema_of(document, name):
    """A schema with its references, OpenAPI 3.0's `nullable` in JSON Schema's
    words."""
    def translate(node):
        if isinstance(node, list):
            return [translate(item) for item in node]
        if not isinstance(node, dict):
            return node
        node = {key: translate(value) for key, value in node.items()}
        if node.pop("nullable", False):
            node["type"] = [node["type"], "null"]
        return node
    return {"$ref": f"#/components/schemas/{name}",
            "components": translate(document["components"])}


def check(document, name, answer):
    jsonschema.validate(answer, schema_of(document, name))


def check_pages(document, server):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "get":
                continue
            status, answer = server.ask(path)
            assert status == 200, (path, status)
            if path == "/openapi.json":
                assert answer == document
            if path == "/healthz":
                check(document, "Health", answer)
            assert "200" in operation["responses"]


def check_predictions(document, server):
    photos = sorted((data_folder() / "faces").glob("*.jpg"))[::6]
    for photo in photos:
        status, answer = server.ask("/api/predict", photo.read_bytes(), "image/jpeg")
        assert status == 200, answer
        check(document, "Prediction", answer)
    # One gray pixel, which has no face: a BMP of 1 x 1.
    pixel = bytes.fromhex("424d3a000000000000003600000028000000010000000100000001001800"
                          "00000000040000000000000000000000000000000000000080808000")
    status, answer = server.ask("/api/predict", pixel, "image/bmp")
    assert (status, answer["outcome"]) == (200, "no_face"), answer
    check(document, "Prediction", answer)


def check_recommendations(document, server):
    for request in ({"emotion": "happy"},
                    {"frames": [{"happy": 0.9}, None, {"sad": 0.8}],
                     "policy": "valence_arousal", "count": 5}):
        check(document, "RecommendRequest", request)
        status, answer = server.ask("/api/recommend", json.dumps(request).encode(),
                                    "application/json")
        assert status == 200, answer
        check(document, "Recommendation", answer)


def check_errors(document, server):
    described = document["paths"]["/api/predict"]["post"]["responses"]
    for path, body, kind, expected in (
            ("/api/predict", b"x", "text/plain", 415),
            ("/api/predict", b"\xff\xd8\xff\xd9", "image/jpeg", 415),
            ("/api/predict", b"x", "multipart/form-data", 400),
            ("/api/recommend", b"{}", "application/json", 400),
            ("/api/recommend", b'{"frames": [null]}', "application/json", 422)):
        status, answer = server.ask(path, body, kind)
        assert status == expected, (path, kind, status, answer)
        assert str(status) in described
        check(document, "Error", answer)


def main():
    options = arguments().parse_args()
    document = json.loads((SOURCE / "docs/openapi.json").read_text())
    with Server(options.program, options.model) as server:
        check_pages(document, server)
        check_predictions(document, server)
        check_recommendations(document, server)
        check_errors(document, server)
    print("openapi.json describes what the server answers")


if __name__ == "__main__":
    main()
