// What is said when a command line cannot be read.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fer {

/// One line that names the fault, the nearest verb to a mistyped one, and whose
/// --help to read: "[ferbench] expected a verb; got 'evalute', did you mean
/// evaluate? See `ferbench --help`."
std::string usage_text(const CLI::App& app, const CLI::ParseError& error);

/// CLI::Range of numbers, which lets nan through, without nan.
CLI::Validator between(double low, double high);

}  // namespace fer
