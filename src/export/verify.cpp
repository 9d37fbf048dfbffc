#include "export/verify.h"

#include <fmt/format.h>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/error.h"
#include "deploy/onnx_session.h"
#include "export/agreement.h"

namespace fer {
namespace {

constexpr int64_t kBatch = 64;

/// Lines of a message as one; paths and values stay.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return text.substr(0, 400);
}

class Verifier {
 public:
  Verifier(std::string_view onnx, const VerifyReference& reference,
           const DropReference& drop, const VerifyOptions& options)
      : onnx_(onnx), reference_(reference), drop_(drop), options_(options) {
    check_references();
    const bool sound = check_file() && load() && check_contract();
    if (!sound || !check_batch(1) || !check_batch(2) || !check_batch(7) ||
        !check_split())
      return;
    check_classes();
    if (!drop_.labels.empty()) check_drop();
  }
  VerifyResult take_result() { return std::move(result_); }

 private:
  void check_references() const;
  bool check_file();
  bool load();
  bool check_contract();
  bool check_batch(int64_t n);
  bool check_split();
  void check_classes();
  void check_drop();

  bool add(std::string name, bool passed, std::string expected,
           std::string got) {
    result_.checks.push_back(
        {std::move(name), passed, std::move(expected), std::move(got)});
    return passed;
  }
  size_t classes() const {
    return reference_.probabilities.size() /
           static_cast<size_t>(reference_.images.count);
  }
  std::span<const float> truth(int64_t image) const {
    return reference_.probabilities.subspan(
        static_cast<size_t>(image % reference_.images.count) * classes(),
        classes());
  }
  /// Largest difference of the answers to images `first`, `first` + 1 ...
  double difference(std::span<const float> answers, int64_t first) const;
  std::vector<float> answer(const Pixels& images, int64_t first,
                            int64_t n) const;
  std::vector<float> answer_all(const Pixels& images) const;

  std::string_view onnx_;
  const VerifyReference& reference_;
  const DropReference& drop_;
  const VerifyOptions& options_;
  std::optional<OnnxSession> session_;
  std::vector<float> answers_;  ///< to the whole split
  VerifyResult result_;
};

void Verifier::check_references() const {
  const auto whole = [](const VerifyReference& reference) {
    const auto n = static_cast<size_t>(reference.images.count);
    const size_t values = reference.probabilities.size();
    return n > 0 && values % n == 0 && values / n >= 2;
  };
  const VerifyReference& judged = drop_.answers;
  const size_t labels = drop_.labels.size();
  const bool fits =
      labels == 0 ||
      (whole(judged) && labels == static_cast<size_t>(judged.images.count) &&
       judged.probabilities.size() / labels == classes());
  if (whole(reference_) && fits) return;
  const VerifyReference& wrong = whole(reference_) ? judged : reference_;
  fail<DataError>(
      "[verify] expected probabilities and labels for each of {} images; got "
      "{} probabilities and {} labels. Give one row per image.",
      wrong.images.count, wrong.probabilities.size(), labels);
}

bool Verifier::check_file() {
  const std::string expected = "a file that the ONNX checker accepts";
  onnx::ModelProto model;
  if (!model.ParseFromArray(onnx_.data(), static_cast<int>(onnx_.size())))
    return add("onnx checker", false, expected, "bytes that are no ONNX file");
  try {
    onnx::checker::check_model(model);
  } catch (const std::exception& error) {
    return add("onnx checker", false, expected, one_line(error.what()));
  }
  return add("onnx checker", true, expected, "accepted");
}

bool Verifier::load() {
  const std::string expected = "OpenVINO loads the file";
  try {
    session_.emplace(onnx_, "the exported file", SessionOptions{});
  } catch (const Error& error) {
    return add("openvino", false, expected, error.what());
  }
  return add("openvino", true, expected, "loaded");
}

bool Verifier::check_contract() {
  const OnnxContract& c = session_->contract();
  const int64_t size = int64_t{c.channels} * c.height * c.width;
  add("input", size == reference_.images.image_size(),
      fmt::format("images of {} values", reference_.images.image_size()),
      fmt::format("{} x {} x {}", c.channels, c.height, c.width));
  add("output", c.classes.size() == classes(),
      fmt::format("{} classes", classes()),
      fmt::format("{} classes", c.classes.size()));
  return result_.passed();
}

std::vector<float> Verifier::answer(const Pixels& images, int64_t first,
                                    int64_t n) const {
  return session_->run(channels_last(images, session_->contract(), first, n),
                       static_cast<size_t>(n));
}

std::vector<float> Verifier::answer_all(const Pixels& images) const {
  std::vector<float> answers;
  for (int64_t first = 0; first < images.count; first += kBatch) {
    const auto part =
        answer(images, first, std::min(kBatch, images.count - first));
    answers.insert(answers.end(), part.begin(), part.end());
  }
  return answers;
}

double Verifier::difference(std::span<const float> answers,
                            int64_t first) const {
  double largest = 0;
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto row = truth(first + static_cast<int64_t>(i / classes()));
    const double d = std::fabs(double{answers[i]} - row[i % classes()]);
    // A NaN in the reference is larger than anything.
    largest = std::isnan(d) ? INFINITY : std::max(largest, d);
  }
  return largest;
}

bool Verifier::check_batch(int64_t n) {
  const std::string name = fmt::format("batch {}", n);
  const std::string expected =
      fmt::format("a difference of at most {:g}", options_.max_difference);
  try {
    const double d = difference(answer(reference_.images, 0, n), 0);
    return add(name, d <= options_.max_difference, expected,
               fmt::format("{:.3g}", d));
  } catch (const Error& error) {
    return add(name, false, expected, error.what());
  }
}

bool Verifier::check_split() {
  result_.images = reference_.images.count;
  const std::string expected =
      fmt::format("a difference of at most {:g} on {} images",
                  options_.max_difference, result_.images);
  try {
    answers_ = answer_all(reference_.images);
  } catch (const Error& error) {
    return add("whole split", false, expected, error.what());
  }
  result_.max_difference = difference(answers_, 0);
  return add("whole split", result_.max_difference <= options_.max_difference,
             expected, fmt::format("{:.3g}", result_.max_difference));
}

void Verifier::check_classes() {
  const Agreement a = agreement_of(answers_, reference_.probabilities, {},
                                   classes(), 2 * options_.max_difference);
  result_.agreement =
      static_cast<double>(a.same) / static_cast<double>(a.images);
  if (!options_.same_class) return;
  add("same class", a.same + a.close == a.images,
      "the same class for every image",
      a.close ? fmt::format("{} of {}, {} more too close to call", a.same,
                            a.images, a.close)
              : fmt::format("{} of {}", a.same, a.images));
}

void Verifier::check_drop() {
  const VerifyReference& judged = drop_.answers;
  const Agreement a =
      agreement_of(answer_all(judged.images), judged.probabilities,
                   drop_.labels, classes(), 0);
  const auto n = static_cast<double>(a.images);
  result_.drop_split = drop_.split;
  result_.drop_images = a.images;
  result_.accuracy = static_cast<double>(a.right) / n;
  result_.reference_accuracy = static_cast<double>(a.reference_right) / n;
  result_.drop_points =
      100 * static_cast<double>(a.reference_right - a.right) / n;
  add("accuracy on " + drop_.split,
      result_.drop_points <= options_.max_drop + 1e-9,
      fmt::format("at most {:g} points below the model's {:.2f} %",
                  options_.max_drop, 100 * result_.reference_accuracy),
      fmt::format("{:.2f} %, {:.2f} points {}", 100 * result_.accuracy,
                  std::fabs(result_.drop_points),
                  result_.drop_points > 0 ? "below" : "above or equal"));
}

}  // namespace

VerifyOptions verify_options(std::string_view precision) {
  VerifyOptions options;
  if (precision == "fp32") return options;
  if (precision == "fp16") {
    options.max_difference = 1e-2;
    return options;
  }
  if (precision != "int8")
    fail<Error>("[verify] expected fp32, fp16 or int8; got '{}'.", precision);
  options.max_difference = 1;
  options.same_class = false;
  return options;
}

bool VerifyResult::passed() const {
  return std::ranges::all_of(checks, &Check::passed);
}

Json VerifyResult::to_json() const {
  Json json = {{"passed", passed()},
               {"images", images},
               {"largest_difference", max_difference},
               {"same_class", agreement}};
  if (!drop_split.empty()) {
    json["drop"] = {{"split", drop_split},
                    {"images", drop_images},
                    {"accuracy", accuracy},
                    {"reference_accuracy", reference_accuracy},
                    {"points", drop_points}};
  }
  json["checks"] = Json::array();
  for (const Check& check : checks)
    json["checks"].push_back({{"name", check.name},
                              {"passed", check.passed},
                              {"expected", check.expected},
                              {"got", check.got}});
  return json;
}

VerifyResult verify(std::string_view onnx, const VerifyReference& reference,
                    const DropReference& drop, const VerifyOptions& options) {
  return Verifier(onnx, reference, drop, options).take_result();
}

void require_passed(const VerifyResult& result, const std::string& name) {
  for (const Check& check : result.checks) {
    if (check.passed) continue;
    fail<DataError>(
        "[verify] expected {} ({}); got {} ({}). Nothing was published.",
        check.expected, check.name, check.got, name);
  }
}

}  // namespace fer
