#include "eval/samples.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "eval/tiny_images.h"
#include "vision/image.h"

namespace fer {
namespace {

std::string base64_of(std::string_view text) {
  return base64(std::as_bytes(std::span(text.data(), text.size())));
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_of("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesPlusAndSlashAndBreaksNoLine) {
  EXPECT_EQ(base64_of("\xfb\xff\xbf"), "+/+/");
  const std::string text = base64_of(std::string(300, 'x'));
  EXPECT_EQ(text.size(), 400u);
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

// `n` predictions of label 0, of which those in `wrong` say 1.
struct Scored {
  ImageSet images;
  std::vector<int64_t> rows;
  Predictions predictions;
};

Scored scored(size_t n, const std::set<size_t>& wrong) {
  Scored s;
  std::vector<uint8_t> values(n);
  for (size_t i = 0; i < n; ++i) values[i] = static_cast<uint8_t>(i);
  s.images = filled_images(values, std::vector<int64_t>(n, 0), {"no", "yes"});
  s.predictions.class_names = s.images.class_names;
  for (size_t i = 0; i < n; ++i) {
    const bool bad = wrong.contains(i);
    s.rows.push_back(static_cast<int64_t>(i));
    s.predictions.ids.push_back(s.images.ids[i]);
    s.predictions.labels.push_back(0);
    s.predictions.predicted.push_back(bad ? 1 : 0);
    s.predictions.probabilities.push_back(bad ? 0.25 : 0.875);
    s.predictions.probabilities.push_back(bad ? 0.75 : 0.125);
  }
  return s;
}

Json samples_of(const Scored& s, size_t count) {
  return sample_predictions(s.images, s.rows, s.predictions, count);
}

size_t wrong_ones(const Json& samples) {
  size_t n = 0;
  for (const Json& s : samples) n += s["label"] != s["predicted"] ? 1 : 0;
  return n;
}

TEST(Samples, AreHalfWrongWhereThereAreSoMany) {
  const Scored s = scored(40, {1, 5, 9, 13, 17, 21, 25, 29, 33, 37});
  const Json samples = samples_of(s, 12);
  EXPECT_EQ(samples.size(), 12u);
  EXPECT_EQ(wrong_ones(samples), 6u);
}

TEST(Samples, TakeMoreRightOnesWhereFewAreWrong) {
  const Json samples = samples_of(scored(40, {3}), 12);
  EXPECT_EQ(samples.size(), 12u);
  EXPECT_EQ(wrong_ones(samples), 1u);
  EXPECT_EQ(wrong_ones(samples_of(scored(40, {}), 12)), 0u);
}

TEST(Samples, AreNoMoreThanThereAre) {
  EXPECT_EQ(samples_of(scored(5, {0, 1}), 12).size(), 5u);
  EXPECT_EQ(samples_of(scored(5, {0, 1}), 0).size(), 0u);
  EXPECT_EQ(samples_of(scored(0, {}), 12).size(), 0u);
}

TEST(Samples, AreSpreadOverTheSplitAndNeverTwice) {
  const Json samples = samples_of(scored(40, {}), 4);
  // 40 right ones, 4 of them: a stride of 10.
  std::vector<std::string> ids;
  for (const Json& s : samples) ids.push_back(s["id"]);
  EXPECT_EQ(ids, (std::vector<std::string>{"image-0", "image-10", "image-20",
                                           "image-30"}));
}

TEST(Samples, SayWhatTheModelSaid) {
  const Json samples = samples_of(scored(2, {1}), 2);
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0]["id"], "image-0");
  EXPECT_EQ(samples[0]["label"], "no");
  EXPECT_EQ(samples[0]["predicted"], "no");
  EXPECT_EQ(samples[0]["probability"], 0.875);
  EXPECT_EQ(samples[1]["predicted"], "yes");
  EXPECT_EQ(samples[1]["probability"], 0.75);  // of the predicted class
}

TEST(Samples, ShowTheImageOfTheirRow) {
  Scored s = scored(3, {});
  s.rows = {2, 0, 1};  // prediction 0 speaks of image 2
  const Json samples = samples_of(s, 3);
  const Image image{4, 4, 1, std::vector<uint8_t>(16, 2)};
  EXPECT_EQ(samples[0]["png"], base64(encode_png(image)));
}

}  // namespace
}  // namespace fer
