// One function per verb: adds the sub-command with its options and help. What
// it does runs after the whole command line has been read.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace fer {

/// The verb that was asked for; returns the exit code.
using Action = std::function<int()>;

void add_run(CLI::App& app, Action& action);
void add_pretrain(CLI::App& app, Action& action);
void add_evaluate(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_failures(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_leaderboard(CLI::App& app, Action& action);
void add_reproduce(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_songs(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_predict(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action);
void add_recommend(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_models(CLI::App& app, Action& action);
void add_summary(CLI::App& app, Action& action);
void add_data(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);
void add_schedule(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);

/// The command line as typed, for environment.json.
std::string command_line();
void set_command_line(int argc, char** argv);

}  // namespace fer
