#include <fmt/core.h>

#include <memory>

#include "cli/verbs.h"
#include "config/config.h"

namespace fer {

void add_schema(CLI::App& app, Action& action) {
  auto markdown = std::make_shared<bool>(false);
  CLI::App* verb =
      app.add_subcommand("schema", "Print the JSON Schema of experiment files");
  verb->footer(
      "Example: ferbench schema > ferbench.schema.json   (for your editor)");
  verb->add_flag("--markdown", *markdown, "Print docs/config.md instead");
  verb->callback([markdown, &action] {
    action = [markdown] {
      fmt::print("{}", *markdown ? config_markdown()
                                 : json_text(config_schema()) + "\n");
      return 0;
    };
  });
}

}  // namespace fer
