#include "cli/face_options.h"

#include <algorithm>
#include <thread>

#include "deploy/released_model.h"

namespace fer {

FacePipeline FaceOptions::open(size_t at_once) const {
  const size_t cores = threads > 0 ? static_cast<size_t>(threads)
                                   : std::thread::hardware_concurrency();
  SessionOptions session;
  session.threads = threads;
  session.streams = static_cast<int>(
      std::clamp<size_t>(at_once, 1, std::max<size_t>(cores, 1)));
  session.arithmetic = parse_arithmetic(arithmetic);
  PipelineOptions settings = pipeline;
  settings.choice = parse_face_choice(faces);
  return FacePipeline(
      std::make_shared<const OnnxSession>(
          model.empty() ? released_model() : std::filesystem::path(model),
          session),
      settings);
}

namespace {

void add_search_options(CLI::App& verb, DetectorOptions& options) {
  verb.add_option("--cascade", options.cascade,
                  "Cascade file (default: OpenCV's frontal face)");
  verb.add_option("--scale-factor", options.scale_factor,
                  "Between two window sizes of the search (default: 1.3)");
  verb.add_option("--neighbours", options.neighbours,
                  "Overlapping hits that make a face (default: 2)");
  verb.add_option("--min-size", options.min_size,
                  "Smallest side of a face in pixels (default: any)");
  verb.add_option("--search-side", options.search_side,
                  "Larger pictures are shrunk to this side for the search; 0: "
                  "never (default: 1280)");
}

}  // namespace

void add_face_options(CLI::App& verb, FaceOptions& options) {
  PipelineOptions& pipeline = options.pipeline;
  verb.add_option("--model", options.model,
                  "ONNX file of `ferbench export` (default: the released one)");
  verb.add_option("--faces", options.faces,
                  "largest, all or latest (default: largest)")
      ->check(CLI::IsMember({"largest", "all", "latest"}));
  verb.add_option("--min-confidence", pipeline.min_confidence,
                  "Below it the outcome is `low confidence` (default: 0.5)");
  verb.add_option("--margin", pipeline.margin,
                  "Added around a face, as a share of it (default: 0)");
  verb.add_flag("--contrast", pipeline.contrast,
                "Even out the contrast before the search (CLAHE)");
  verb.add_flag("--whole-picture", pipeline.whole_picture,
                "The picture is the face: search nothing");
  add_search_options(verb, pipeline.detector);
  verb.add_option("--arithmetic", options.arithmetic,
                  "f32, bf16 or auto (default: f32)")
      ->check(CLI::IsMember({"f32", "bf16", "auto"}));
  verb.add_option("--threads", options.threads, "Default: all cores")
      ->check(CLI::Range(0, 1024));
}

}  // namespace fer
