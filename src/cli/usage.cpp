#include "cli/usage.h"

#include <fmt/core.h>

#include "core/text.h"

namespace fer {
namespace {

// CLI11 calls a mistyped verb a missing one; the word itself helps more.
std::string missing_verb(const CLI::App& parent) {
  std::vector<std::string> verbs;
  for (const CLI::App* verb :
       parent.get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(verb->get_name());
  }
  const std::vector<std::string> words = parent.remaining();
  if (words.empty()) {
    return fmt::format("expected one of {}; got nothing.", join(verbs, ", "));
  }
  const std::string guess = nearest(words.front(), verbs);
  if (!guess.empty()) {
    return fmt::format("expected a verb; got '{}', did you mean {}?",
                       words.front(), guess);
  }
  return fmt::format("expected one of {}; got '{}'.", join(verbs, ", "),
                     words.front());
}

}  // namespace

std::string usage_text(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* verb = &app;
  std::string typed = "ferbench";
  while (!verb->get_subcommands().empty()) {
    verb = verb->get_subcommands().front();
    typed += " " + verb->get_name();
  }
  const bool no_verb = verb->get_require_subcommand_min() > 0;
  std::string what =
      no_verb ? missing_verb(*verb) : std::string(error.what()) + '.';
  return fmt::format("[ferbench] {} See `{} --help`.", what, typed);
}

CLI::Validator between(double low, double high) {
  const auto check = [low, high](std::string& text) -> std::string {
    double value = 0;
    if (CLI::detail::lexical_cast(text, value) && value >= low && value <= high)
      return {};
    return fmt::format("expected {} to {}; got {}", low, high, text);
  };
  return {check, fmt::format("FLOAT in [{} - {}]", low, high)};
}

}  // namespace fer
