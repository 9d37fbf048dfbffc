#include "deploy/predict.h"

#include <fmt/core.h>

#include <memory>

#include "cli/face_options.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/terminal.h"
#include "deploy/predict_text.h"

namespace fer {
namespace {

struct PredictVerb {
  std::vector<std::string> pictures;
  FaceOptions face;
  PredictOptions predict;
  bool json = false, quiet = false;
};

/// What is said of each picture as it comes, and at the end.
class Teller {
 public:
  Teller(const PredictVerb& options, const OnnxContract& contract, size_t files)
      : options_(options),
        contract_(contract),
        bar_("Looking", files, options.quiet || !stderr_is_terminal()) {}

  void take(const Prediction& prediction) {
    if (prediction.frame.value_or(0) == 0) bar_.advance();
    ++all_;
    if (!prediction.error.empty()) {
      if (bad_++ == 0) first_error_ = prediction.error;
      fmt::print(stderr, "unreadable: {}: {}\n", prediction.file,
                 prediction.error);
    }
    if (options_.json)
      fmt::print("{}", prediction_line(prediction, contract_));
    else
      predictions_.push_back(prediction);
  }

  int finish() {
    bar_.finish();
    if (!options_.json)
      fmt::print("{}", predictions_text(predictions_, contract_));
    if (bad_ < all_) return 0;
    fail<DataError>(
        "[predict] expected a picture that can be read; got none of {}. The "
        "first: {}",
        bad_, first_error_);
  }

 private:
  const PredictVerb& options_;
  const OnnxContract& contract_;
  ProgressBar bar_;
  std::vector<Prediction> predictions_;
  std::string first_error_;
  size_t all_ = 0, bad_ = 0;
};

int predict(const PredictVerb& options) {
  const auto files = picture_files(options.pictures);
  const FacePipeline pipeline = options.face.open(files.size());
  PredictOptions settings = options.predict;
  settings.threads = static_cast<unsigned>(options.face.threads);
  Teller teller(options, pipeline.contract(), files.size());
  predict_files(
      pipeline, files, settings,
      [&teller](const Prediction& prediction) { teller.take(prediction); });
  return teller.finish();
}

}  // namespace

void add_predict(CLI::App& app, Action& action) {
  auto options = std::make_shared<PredictVerb>();
  CLI::App* verb = app.add_subcommand("predict", "The emotion in photographs");
  verb->footer("Example: ferbench predict photo.jpg --model model.onnx");
  verb->add_option("PICTURE", options->pictures,
                   "Pictures, folders, videos, or - for standard input")
      ->required();
  add_face_options(*verb, options->face);
  verb->add_option("--every", options->predict.every,
                   "Of a video, every n-th frame (default: 1)")
      ->check(CLI::Range(1, 1000000));
  verb->add_option("--annotate", options->predict.annotated,
                   "Folder for pictures with box, emotion and probability");
  verb->add_flag("--json", options->json, "Print one line of JSON a picture");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback(
      [options, &action] { action = [options] { return predict(*options); }; });
}

}  // namespace fer
