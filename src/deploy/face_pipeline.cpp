#include "deploy/face_pipeline.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/stopwatch.h"
#include "deploy/face_crop.h"
#include "vision/contrast.h"

namespace fer {
namespace {

void check_share(double value, const char* name) {
  if (value >= 0 && value <= 1) return;
  fail<Error>("[predict] expected {} from 0 to 1; got {}.", name, value);
}

// The detector gives the smallest face first, so both choices take the last.
std::vector<Box> chosen(std::vector<Box> faces, FaceChoice choice) {
  if (faces.empty()) return faces;
  if (choice != FaceChoice::kAll) return {faces.back()};
  std::ranges::reverse(faces);
  return faces;
}

Json face_json(const FaceReading& face, const OnnxContract& contract) {
  Json probabilities = Json::object();
  for (size_t k = 0; k < contract.classes.size(); ++k)
    probabilities[contract.classes[k]] = face.probabilities[k];
  const Box& box = face.box;
  return {{"box", {box.x, box.y, box.width, box.height}},
          {"emotion", contract.classes[face.label]},
          {"confidence", face.confidence()},
          {"probabilities", std::move(probabilities)}};
}

}  // namespace

FaceChoice parse_face_choice(std::string_view word) {
  if (word == "largest") return FaceChoice::kLargest;
  if (word == "all") return FaceChoice::kAll;
  if (word == "latest") return FaceChoice::kLatest;
  fail<Error>("[predict] expected largest, all or latest; got '{}'.", word);
}

FacePipeline::FacePipeline(std::shared_ptr<const OnnxSession> session,
                           PipelineOptions options)
    : session_(std::move(session)), options_(std::move(options)) {
  check_share(options_.margin, "a margin");
  check_share(options_.min_confidence, "a smallest confidence");
  if (!options_.whole_picture)
    detector_ = std::make_unique<const FaceDetector>(options_.detector);
}

Outcome FacePipeline::read(std::span<const std::byte> bytes) const {
  return read(decode_photo(bytes, options_.limits));
}

Outcome FacePipeline::read(const Image& picture) const {
  Outcome outcome;
  outcome.width = picture.width;
  outcome.height = picture.height;
  const auto start = Stopwatch::now();
  Image evened;
  if (options_.contrast) evened = even_contrast(picture);
  const Image& shown = options_.contrast ? evened : picture;
  const std::vector<Box> boxes = search(shown, outcome);
  outcome.search_ms = 1e3 * seconds_since(start);
  if (!boxes.empty()) ask(shown, boxes, outcome);
  outcome.kind = kind_of(outcome.faces);
  return outcome;
}

std::vector<Box> FacePipeline::search(const Image& picture,
                                      Outcome& outcome) const {
  if (options_.whole_picture) {
    outcome.faces_found = 1;
    return {{0, 0, picture.width, picture.height}};
  }
  std::vector<Box> faces = detector_->detect(picture);
  outcome.faces_found = faces.size();
  faces = chosen(std::move(faces), options_.choice);
  for (Box& face : faces)
    face = square_around(face, options_.margin, picture.width, picture.height);
  return faces;
}

void FacePipeline::ask(const Image& picture, std::span<const Box> boxes,
                       Outcome& outcome) const {
  const auto start = Stopwatch::now();
  std::vector<uint8_t> pixels;
  for (const Box& box : boxes) {
    const Image input = network_input(picture, box, contract());
    pixels.insert(pixels.end(), input.pixels.begin(), input.pixels.end());
  }
  const std::vector<float> rows = session_->run(pixels, boxes.size());
  const size_t classes = session_->classes();
  for (size_t i = 0; i < boxes.size(); ++i) {
    const auto row = rows.begin() + static_cast<std::ptrdiff_t>(i * classes);
    FaceReading face{boxes[i], {row, row + classes}, 0};
    face.label =
        static_cast<size_t>(std::ranges::max_element(face.probabilities) -
                            face.probabilities.begin());
    outcome.faces.push_back(std::move(face));
  }
  outcome.network_ms = 1e3 * seconds_since(start);
}

Outcome::Kind FacePipeline::kind_of(std::span<const FaceReading> faces) const {
  if (faces.empty()) return Outcome::Kind::kNoFace;
  if (faces.front().confidence() < options_.min_confidence)
    return Outcome::Kind::kLowConfidence;
  return Outcome::Kind::kEmotion;
}

const char* name_of(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kEmotion:
      return "emotion";
    case Outcome::Kind::kLowConfidence:
      return "low_confidence";
    case Outcome::Kind::kNoFace:
      break;
  }
  return "no_face";
}

std::string advice(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kEmotion:
      return "";
    case Outcome::Kind::kLowConfidence:
      return "The expression is not clear. Show it more strongly, or try "
             "another picture.";
    case Outcome::Kind::kNoFace:
      break;
  }
  return "No face was found. Face the camera in even light, near enough to "
         "fill a good part of the picture, or try another picture.";
}

Json outcome_json(const Outcome& outcome, const OnnxContract& contract) {
  const bool known = outcome.kind == Outcome::Kind::kEmotion;
  Json faces = Json::array();
  for (const FaceReading& face : outcome.faces)
    faces.push_back(face_json(face, contract));
  const std::string text = advice(outcome);
  return {{"outcome", name_of(outcome.kind)},
          {"emotion", known ? faces[0]["emotion"] : Json(nullptr)},
          {"confidence",
           outcome.faces.empty() ? Json(nullptr) : faces[0]["confidence"]},
          {"width", outcome.width},
          {"height", outcome.height},
          {"faces_found", outcome.faces_found},
          {"faces", std::move(faces)},
          {"advice", text.empty() ? Json(nullptr) : Json(text)},
          {"milliseconds",
           {{"search", outcome.search_ms}, {"network", outcome.network_ms}}}};
}

Frame frame_of(const Outcome& outcome, const OnnxContract& contract,
               bool mixed) {
  const bool clear = outcome.kind == Outcome::Kind::kEmotion;
  Frame frame;
  for (const FaceReading& face : outcome.faces) {
    if (!mixed) {
      frame.emotions.emplace_back(parse_emotion(contract.classes[face.label]),
                                  clear ? 1.0 : 0.0);
      continue;
    }
    for (size_t k = 0; k < contract.classes.size(); ++k)
      frame.emotions.emplace_back(parse_emotion(contract.classes[k]),
                                  face.probabilities[k]);
  }
  return frame;
}

bool wants_mixed(std::string_view policy) {
  return policy == "valence_arousal";
}

}  // namespace fer
