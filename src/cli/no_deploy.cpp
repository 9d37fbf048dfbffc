// The verbs and options that need ONNX and OpenVINO, in a program without them.
#include "cli/photo_frames.h"
#include "cli/verbs.h"
#include "core/error.h"

namespace fer {
namespace {

[[noreturn]] void fail_not_built(const char* what) {
  fail<Error>(
      "[deploy] expected OpenVINO to {}; got a program without it. Build with "
      "-DFERBENCH_DEPLOY=ON.",
      what);
}

void add(CLI::App& app, Action& action, const char* name, const char* what) {
  CLI::App* verb = app.add_subcommand(name, "Not built in (FERBENCH_DEPLOY)");
  verb->allow_extras();
  verb->callback(
      [&action, what] { action = [what]() -> int { fail_not_built(what); }; });
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  add(app, action, "export", "check what it exports");
}

void add_predict(CLI::App& app, Action& action) {
  add(app, action, "predict", "look at pictures");
}

void add_validate(CLI::App& app, Action& action) {
  add(app, action, "validate", "look at pictures");
}

void add_serve(CLI::App& app, Action& action) {
  add(app, action, "serve", "look at pictures");
}

struct PhotoFrames::Options {};
PhotoFrames::PhotoFrames() = default;
PhotoFrames::~PhotoFrames() = default;
void PhotoFrames::add_to(CLI::App&, CLI::App&) {}
bool PhotoFrames::given() const { return false; }
std::vector<Frame> PhotoFrames::look(const std::string&) const {
  fail_not_built("look at pictures");
}

}  // namespace fer
