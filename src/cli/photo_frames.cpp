#include "cli/photo_frames.h"

#include <fmt/core.h>

#include "cli/face_options.h"
#include "core/error.h"
#include "deploy/predict.h"

namespace fer {

struct PhotoFrames::Options {
  std::vector<std::string> pictures;
  FaceOptions face;
  PredictOptions predict;
};

PhotoFrames::PhotoFrames() : options_(std::make_unique<Options>()) {}
PhotoFrames::~PhotoFrames() = default;

void PhotoFrames::add_to(CLI::App& verb, CLI::App& source) {
  source.add_option("PICTURE", options_->pictures,
                    "Photographs, or the frames of a burst: pictures, folders, "
                    "videos, - for standard input");
  add_face_options(verb, options_->face);
  verb.add_option("--every", options_->predict.every,
                  "Of a video, every n-th frame (default: 1)")
      ->check(CLI::Range(1, 1000000));
}

bool PhotoFrames::given() const { return !options_->pictures.empty(); }

std::vector<Frame> PhotoFrames::look(const std::string& policy) const {
  const auto files = picture_files(options_->pictures);
  const FacePipeline pipeline = options_->face.open(files.size());
  PredictOptions settings = options_->predict;
  settings.threads = static_cast<unsigned>(options_->face.threads);
  std::vector<Frame> frames;
  std::string reason;
  predict_files(pipeline, files, settings, [&](const Prediction& prediction) {
    if (prediction.error.empty()) {
      frames.push_back(frame_of(prediction.outcome, pipeline.contract(),
                                wants_mixed(policy)));
      return;
    }
    fmt::print(stderr, "unreadable: {}: {}\n", prediction.file,
               prediction.error);
    if (reason.empty()) reason = prediction.error;
  });
  if (!frames.empty()) return frames;
  fail<DataError>(
      "[recommend] expected a picture that can be read; got none of {}. The "
      "first: {}",
      files.size(), reason);
}

}  // namespace fer
