#include <fmt/core.h>

#include <memory>

#include "cli/usage.h"
#include "cli/verbs.h"
#include "data/source.h"
#include "export/export_run.h"
#include "train/device.h"

namespace fer {
namespace {

struct ExportVerb {
  std::string run, file, layout = "nhwc", input = "uint8";
  ExportOptions options;
  bool no_fold = false, json = false, quiet = false;
};

int export_verb(const ExportVerb& verb) {
  const RunFolder run = RunFolder::open(verb.run);
  const DataConfig& data = run.config().data;
  prepare_process(run.config().train);
  ExportOptions options = verb.options;
  options.file = verb.file;
  options.fold = !verb.no_fold;
  options.nhwc = verb.layout == "nhwc";
  options.uint8_input = verb.input == "uint8";
  const ImageSet images = load_images(data, verb.quiet || verb.json);
  const ExportReport report =
      export_run(run, images, make_split(images, data), options);
  fmt::print("{}", verb.json ? json_text(report.to_json()) + "\n"
                             : export_text(report));
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  auto verb = std::make_shared<ExportVerb>();
  CLI::App* sub = app.add_subcommand(
      "export", "Write a run's model as a verified ONNX file");
  sub->footer(
      "Example: ferbench export runs/demo/seed-42 --precision int8\n"
      "The file takes raw pixels and gives probabilities: docs/export.md");
  sub->add_option("RUN_DIR", verb->run, "Run folder")->required();
  sub->add_option("--out", verb->file,
                  "File (default: model.onnx, model-fp16.onnx or "
                  "model-int8.onnx in the run folder)");
  sub->add_option("--precision", verb->options.precision,
                  "fp32, fp16, or int8 calibrated on training images")
      ->check(CLI::IsMember({"fp32", "fp16", "int8"}))
      ->capture_default_str();
  sub->add_flag("--no-fold", verb->no_fold,
                "Leave BatchNormalization nodes in the graph");
  sub->add_option("--layout", verb->layout,
                  "Order of the input's dimensions: nhwc or nchw")
      ->check(CLI::IsMember({"nhwc", "nchw"}))
      ->capture_default_str();
  sub->add_option("--input", verb->input,
                  "Type of the pixels, 0 to 255 either way: uint8 or float")
      ->check(CLI::IsMember({"uint8", "float"}))
      ->capture_default_str();
  sub->add_option("--max-drop", verb->options.max_drop,
                  "Points of accuracy that the file may lose on the "
                  "validation split")
      ->check(between(0, 100))
      ->capture_default_str();
  sub->add_flag("--json", verb->json, "Print the report as JSON");
  sub->add_flag("--quiet", verb->quiet, "Print results and errors only");
  sub->callback(
      [verb, &action] { action = [verb] { return export_verb(*verb); }; });
}

}  // namespace fer
