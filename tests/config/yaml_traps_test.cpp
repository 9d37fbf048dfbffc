#include <gtest/gtest.h>

#include <chrono>

#include "config_text.h"

namespace fer {
namespace {

constexpr size_t kMaxTestBytes = 1 << 20;

TEST(YamlTraps, DuplicateKeysAreFaultsOnEveryLevel) {
  EXPECT_EQ(faults_of("train:\n  epochs: 3\n  epochs: 4\ntrain: {}\n"),
            "x.yaml:3:3: \"epochs\" stands twice; first at x.yaml:2:3. Keep "
            "one.\n"
            "x.yaml:4:1: \"train\" stands twice; first at x.yaml:1:1. Keep "
            "one.");
}

TEST(YamlTraps, TabsInTheIndentationAreRefused) {
  EXPECT_EQ(faults_of("train:\n\tepochs: 3\n"),
            "x.yaml:2:1: a tab in the indentation. YAML wants spaces.");
  EXPECT_EQ(faults_of("train:\n  \tepochs: 3\n"),
            "x.yaml:2:3: a tab in the indentation. YAML wants spaces.");
  EXPECT_EQ(faults_of("train:\n\t\n\t# why not\n  epochs: 3\t# three\n"), "");
}

TEST(YamlTraps, EmptyFileIsAFault) {
  const std::string text =
      "x.yaml: the file is empty. Expected settings such as train: {epochs: "
      "3}.";
  EXPECT_EQ(faults_of(""), text);
  EXPECT_EQ(faults_of("# only a comment\n\n"), text);
  EXPECT_EQ(faults_of("---\n...\n"), text);
}

TEST(YamlTraps, TopLevelMustBeAMap) {
  EXPECT_EQ(faults_of("- a\n- b\n"),
            "x.yaml:1:1: expected a map of settings; got a list.");
  EXPECT_EQ(faults_of("train\n"),
            "x.yaml:1:1: expected a map of settings; got \"train\".");
}

TEST(YamlTraps, AnchorsAndAliasesWork) {
  const Config config = parse_config(
      "train: {epochs: &n 7, batch_size: *n}\n"
      "callbacks:\n"
      "  early_stopping: {patience: &p 3}\n"
      "  reduce_lr_on_plateau: {patience: 2, cooldown: *p}\n");
  EXPECT_EQ(config.train.epochs, 7);
  EXPECT_EQ(config.train.batch_size, 7);
  EXPECT_EQ(config.callbacks.reduce_lr_on_plateau->cooldown, 3);
}

TEST(YamlTraps, AliasOfAMapIsReadLikeTheMap) {
  const Config config = parse_config(
      "callbacks:\n"
      "  model_checkpoint: &best {monitor: val_accuracy}\n"
      "  early_stopping: *best\n");
  EXPECT_EQ(config.callbacks.early_stopping->monitor, "val_accuracy");
}

TEST(YamlTraps, UnknownAliasAndAliasOfItselfAreFaults) {
  EXPECT_EQ(faults_of("train: *nobody\n"),
            "x.yaml:1:8: not valid YAML: the referenced anchor is not "
            "defined.");
  EXPECT_EQ(faults_of("train: &t {epochs: *t}\n"),
            "x.yaml:1:20: an alias inside the value that it names.");
}

TEST(YamlTraps, MergeKeysAreExplained) {
  EXPECT_EQ(faults_of("train: {<<: {epochs: 3}}\n"),
            "x.yaml:1:9: train.<< is not a setting: YAML merge keys are not "
            "supported. Use extends.");
}

TEST(YamlTraps, BillionLaughsAreRefusedAtOnce) {
  std::string yaml = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 9; ++k) yaml += (k ? ", " : "") + before;
    yaml += "]\n";
  }
  const auto start = std::chrono::steady_clock::now();
  const std::string text = faults_of(yaml);
  const std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - start;
  // a0 to a3 hold 10 + 91 + 820 + 7381 values; the first *a3 inside a4 would
  // add 7381 more.
  EXPECT_EQ(text,
            "x.yaml:5:10: more than 10000 values (aliases expanded): this is "
            "no experiment file.");
  EXPECT_LT(spent.count(), 1.0);
}

TEST(YamlTraps, AnchorsWithinAnchorsAreBounded) {
  std::string yaml = "a: ";
  for (int i = 0; i < 200; ++i) yaml += "&a" + std::to_string(i) + " [";
  yaml += std::string(200, ']') + "\n";
  // 1 + 2 + ... + 141 = 10,011 copied values.
  EXPECT_NE(faults_of(yaml).find("too many anchors within anchors."),
            std::string::npos);
}

TEST(YamlTraps, DeepNestingIsRefused) {
  EXPECT_NE(faults_of("a: " + std::string(400'000, '['))
                .find("not valid YAML: nested too deeply."),
            std::string::npos);
}

TEST(YamlTraps, LargeFilesAreRefused) {
  EXPECT_EQ(faults_of("# " + std::string(kMaxTestBytes, 'x')),
            "x.yaml: larger than 1 MiB: this is no experiment file.");
  EXPECT_EQ(faults_of("{}\n# " + std::string(kMaxTestBytes - 5, 'x')), "");
}

TEST(YamlTraps, ManyValuesAreRefused) {
  std::string yaml = "data: {classes: [a";
  for (int i = 0; i < 10'000; ++i) yaml += ",a";
  EXPECT_NE(faults_of(yaml + "]}").find("more than 10000 values"),
            std::string::npos);
}

TEST(YamlTraps, SecondDocumentIsRefused) {
  EXPECT_EQ(faults_of("train: {}\n---\ntrain: {}\n"),
            "x.yaml:2:1: a second YAML document. Use one file per experiment.");
  EXPECT_EQ(faults_of("---\ntrain: {}\n...\n"), "");
}

TEST(YamlTraps, InvalidUtf8IsNamedWithItsPlace) {
  EXPECT_EQ(faults_of("train: {}\nx: \xff\n"),
            "x.yaml:2:4: not UTF-8: byte 0xff. Save the file as UTF-8.");
  // Overlong "/", a surrogate, a cut character.
  for (const std::string bad : {"\xc0\xaf", "\xed\xa0\x80", "\xe2\x82"}) {
    EXPECT_NE(faults_of("# " + bad).find("x.yaml:1:3: not UTF-8"),
              std::string::npos);
  }
  EXPECT_EQ(faults_of("# \xc3\xa4 \xe2\x82\xac \xf0\x9f\x99\x82\n{}"), "");
}

TEST(YamlTraps, ControlCharactersAreRefused) {
  EXPECT_EQ(faults_of(std::string("t\0r\0", 4)),
            "x.yaml:1:2: control character 0x00. Save the file as UTF-8 text.");
}

TEST(YamlTraps, ByteOrderMarkAndWindowsLinesAreFine) {
  EXPECT_EQ(parse_config("\xef\xbb\xbftrain:\r\n  epochs: 3\r\n").train.epochs,
            3);
}

TEST(YamlTraps, SyntaxErrorsCarryTheirPlace) {
  EXPECT_EQ(faults_of("train: {epochs: 3\n"),
            "x.yaml:2:1: not valid YAML: end of map flow not found.");
  EXPECT_EQ(faults_of("train: a: b\n"),
            "x.yaml:1:9: not valid YAML: illegal map value.");
}

TEST(YamlTraps, TagsAndStrangeKeysAreRefused) {
  EXPECT_EQ(faults_of("train: {epochs: !!int 3}\n"),
            "x.yaml:1:17: YAML tags are not supported. Remove the tag.");
  EXPECT_EQ(faults_of("[a]: 1\n"),
            "x.yaml:1:1: a key must be a word; got a list. Write name: value.");
  EXPECT_EQ(faults_of("~: 1\n"),
            "x.yaml:1:1: a key must be a word; got nothing (null). Write name: "
            "value.");
}

}  // namespace
}  // namespace fer
