// ferbench: reads the command line and dispatches to a verb.
#include <fmt/core.h>

#include <cstdio>
#include <new>

#include "cli/usage.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "train/version.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kInterrupted = 130;

int failed(const char* message, int code = kFailed) {
  fmt::print(stderr, "error: {}\n", message);
  return code;
}

// The first line of a long text from a library.
std::string first_line(const char* text) {
  const std::string all(text);
  return all.substr(0, all.find('\n'));
}

}  // namespace

int main(int argc, char** argv) {
  fer::set_command_line(argc, argv);
  CLI::App app(
      "Trains, scores, compares and exports facial-expression models.\n"
      "Example: ferbench run experiments/demo.yaml");
  app.name("ferbench");
  app.require_subcommand(1);
  app.set_version_flag("--version", [] { return fer::version_line(); });
  fer::Action action;
  for (auto* add :
       {&fer::add_run,       &fer::add_pretrain,  &fer::add_sweep,
        &fer::add_evaluate,  &fer::add_report,    &fer::add_failures,
        &fer::add_explain,   &fer::add_compare,   &fer::add_leaderboard,
        &fer::add_reproduce, &fer::add_data,      &fer::add_models,
        &fer::add_summary,   &fer::add_bench,     &fer::add_schedule,
        &fer::add_schema,    &fer::add_songs,     &fer::add_export,
        &fer::add_predict,   &fer::add_recommend, &fer::add_validate,
        &fer::add_serve,     &fer::add_doctor}) {
    add(app, action);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return failed(fer::usage_text(app, error).c_str(), kUsage);
  }
  try {
    return action();
  } catch (const fer::Interrupted& stopped) {
    return failed(stopped.what(), kInterrupted);
  } catch (const fer::Error& error) {
    return failed(error.what());
  } catch (const std::bad_alloc&) {
    return failed(
        "[memory] expected more memory; got none. Lower train.batch_size.");
  } catch (const std::exception& error) {
    return failed(("[ferbench] " + first_line(error.what())).c_str());
  }
}
