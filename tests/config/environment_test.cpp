#include "config/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "config_text.h"

namespace fer {
namespace {

std::string expand_fault(const std::string& text) {
  try {
    return "no fault: " + expand_environment(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
}

class Environment : public testing::Test {
 protected:
  void SetUp() override {
    setenv("FER_TEST_SET", "value", 1);
    setenv("FER_TEST_EMPTY", "", 1);
    unsetenv("FER_TEST_UNSET");
  }
};

TEST_F(Environment, VariablesAreFilledIn) {
  EXPECT_EQ(expand_environment("a/${FER_TEST_SET}/b"), "a/value/b");
  EXPECT_EQ(expand_environment("${FER_TEST_SET:-x}"), "value");
  EXPECT_EQ(expand_environment("no $variable {here}"), "no $variable {here}");
}

TEST_F(Environment, DefaultStandsInForUnsetAndEmpty) {
  EXPECT_EQ(expand_environment("${FER_TEST_UNSET:-data}/x"), "data/x");
  EXPECT_EQ(expand_environment("${FER_TEST_EMPTY:-data}"), "data");
  EXPECT_EQ(expand_environment("${FER_TEST_UNSET:-}"), "");
}

TEST_F(Environment, DefaultsNest) {
  EXPECT_EQ(
      expand_environment("${FER_TEST_UNSET:-${FER_TEST_SET}/.cache}/data"),
      "value/.cache/data");
  EXPECT_EQ(expand_environment("${FER_TEST_UNSET:-${FER_TEST_EMPTY:-b}}"), "b");
}

TEST_F(Environment, UnsetVariableIsNamed) {
  EXPECT_EQ(expand_fault("${FER_TEST_UNSET}/x"),
            "the environment variable FER_TEST_UNSET is not set. Set it, or "
            "write ${FER_TEST_UNSET:-default}.");
}

TEST_F(Environment, MalformedVariablesAreFaults) {
  EXPECT_EQ(expand_fault("${FER"), "\"${FER\" has a ${ without its }.");
  EXPECT_EQ(expand_fault("${}"),
            "expected ${NAME} or ${NAME:-default}; got \"${}\".");
  EXPECT_EQ(expand_fault("${1A}"),
            "expected ${NAME} or ${NAME:-default}; got \"${1A}\".");
}

TEST_F(Environment, EscapeIsUndoneByExpansion) {
  EXPECT_EQ(expand_environment("$${FER_TEST_SET}"), "${FER_TEST_SET}");
  for (const std::string text : {"${A}", "a$${B}", "$", "${", "$$${C:-${D}}"}) {
    EXPECT_EQ(expand_environment(escape_environment(text)), text);
  }
}

TEST_F(Environment, WorksInPathsOnly) {
  const Config config = parse_config(
      "experiment: {name: '${FER_TEST_SET}', runs: '${FER_TEST_SET}/runs'}\n"
      "data: {cache: '${FER_TEST_UNSET:-c}'}\n");
  EXPECT_EQ(config.experiment.name, "${FER_TEST_SET}");
  EXPECT_EQ(config.experiment.runs, "value/runs");
  EXPECT_EQ(config.data.cache, "c");
}

TEST_F(Environment, UnsetVariableInAFileCarriesItsPlace) {
  EXPECT_EQ(faults_of("experiment:\n  runs: ${FER_TEST_UNSET}/runs\n"),
            "x.yaml:2:9: experiment.runs: the environment variable "
            "FER_TEST_UNSET is not set. Set it, or write "
            "${FER_TEST_UNSET:-default}.");
}

TEST_F(Environment, DefaultCacheFollowsXdg) {
  const char* before = std::getenv("XDG_CACHE_HOME");
  const std::string old = before ? before : "";
  setenv("XDG_CACHE_HOME", "/somewhere", 1);
  EXPECT_EQ(parse_config("{}").data.cache, "/somewhere/ferbench/data");
  setenv("XDG_CACHE_HOME", old.c_str(), 1);
}

}  // namespace
}  // namespace fer
