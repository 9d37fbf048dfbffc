// `ferbench schema` against the files that it describes.
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/error.h"
#include "core/file.h"
#include "program.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

const fs::path kRoot = FERBENCH_SOURCE_DIR;

TEST(Schema, AcceptsEveryExperimentFile) {
  const char* named = std::getenv("FERBENCH_PYTHON");
  const std::string python = named ? named : "python3";
  if (std::system((python + " -c 'import jsonschema, yaml' 2>&1").c_str())) {
    GTEST_SKIP() << python << " has no jsonschema or PyYAML package (name an "
                 << "interpreter that has them in FERBENCH_PYTHON)";
  }
  const TemporaryFolder folder;
  const fs::path schema = folder.path() / "schema.json";
  write_file(schema, run({"schema"}).out);
  std::string command =
      fmt::format("{} {}/tests/reference/validate_schema.py {}", python,
                  kRoot.string(), schema.string());
  size_t files = 0;
  for (const char* part : {"experiments", "configs"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / part)) {
      if (entry.path().extension() != ".yaml" ||
          entry.path().parent_path().filename() == "songs")
        continue;  // maps of song tables are no experiments
      command += " " + entry.path().string();
      ++files;
    }
  }
  EXPECT_GE(files, 8u);
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(Schema, IsJson) {
  EXPECT_EQ(run({"schema"}).json()["$schema"],
            "https://json-schema.org/draft/2020-12/schema");
}

TEST(Schema, IsTheSourceOfTheSettingsPage) {
  // To write it again: build/ferbench schema --markdown > docs/config.md
  EXPECT_EQ(read_file(kRoot / "docs/config.md"),
            run({"schema", "--markdown"}).out);
}

TEST(Experiments, AreReadByTheProgram) {
  for (const auto& entry :
       fs::recursive_directory_iterator(kRoot / "experiments")) {
    if (entry.path().extension() != ".yaml") continue;
    const Result result = run({"run", entry.path().string(), "--print-config"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
}

}  // namespace
}  // namespace fer
