#include "deploy/onnx_session.h"

#include <algorithm>
#include <cmath>
#include <openvino/openvino.hpp>

#include "core/error.h"
#include "core/file.h"
#include "core/pool.h"

namespace fer {
namespace {

// What OpenVINO says runs over many lines, the reason last.
std::string reason(const std::exception& error) {
  const std::string text = error.what();
  const size_t end = text.find_last_not_of(" \n\r\t");
  if (end == std::string::npos) return "no reason given";
  size_t begin = text.rfind('\n', end);
  begin = begin == std::string::npos ? 0 : begin + 1;
  return text.substr(begin, std::min<size_t>(end + 1 - begin, 160));
}

OnnxMetadata metadata_of(const ov::Model& model) {
  OnnxMetadata metadata;
  if (!model.has_rt_info("framework")) return metadata;
  for (const auto& [key, value] : model.get_rt_info<ov::AnyMap>("framework"))
    metadata[key] = value.as<std::string>();
  return metadata;
}

ov::PartialShape input_shape(const OnnxContract& contract) {
  const int64_t h = contract.height, w = contract.width, c = contract.channels;
  using Shape = ov::PartialShape;
  return contract.nhwc ? Shape{-1, h, w, c} : Shape{-1, c, h, w};
}

void check_port(const ov::Output<const ov::Node>& port, const char* name,
                ov::element::Type type, const ov::PartialShape& shape,
                const std::string& path) {
  const bool named = port.get_names().contains(name);
  if (named && port.get_element_type() == type &&
      port.get_partial_shape() == shape)
    return;
  fail<DataError>(
      "[onnx] expected '{}' {} {} as the file's metadata say; got '{}' {} {} "
      "({}). Export the run again.",
      name, type.get_type_name(), shape.to_string(),
      port.get_names().empty() ? "" : *port.get_names().begin(),
      port.get_element_type().get_type_name(),
      port.get_partial_shape().to_string(), path);
}

void check_ports(const ov::Model& model, const OnnxContract& contract,
                 const std::string& path) {
  if (model.inputs().size() != 1 || model.outputs().size() != 1) {
    fail<DataError>(
        "[onnx] expected one input and one output; got {} and {} ({}). Export "
        "the run again.",
        model.inputs().size(), model.outputs().size(), path);
  }
  check_port(model.input(), OnnxContract::kInputName,
             contract.uint8_input ? ov::element::u8 : ov::element::f32,
             input_shape(contract), path);
  check_port(
      model.output(), OnnxContract::kOutputName, ov::element::f32,
      ov::PartialShape{-1, static_cast<int64_t>(contract.classes.size())},
      path);
}

ov::AnyMap properties(const SessionOptions& options) {
  ov::AnyMap map;
  if (options.threads > 0)
    map.emplace(ov::inference_num_threads(options.threads));
  map.emplace(ov::num_streams(std::max(1, options.streams)));
  // Pinned threads of two processes would wait for one another.
  map.emplace(ov::hint::enable_cpu_pinning(false));
  if (options.arithmetic == Arithmetic::kF32)
    map.emplace(ov::hint::inference_precision(ov::element::f32));
  if (options.arithmetic == Arithmetic::kBf16)
    map.emplace(ov::hint::inference_precision(ov::element::bf16));
  return map;
}

// [height, width, channels] -> [channels, height, width]
template <class T>
void channels_first(std::span<const uint8_t> pixels, size_t channels, T* to) {
  const size_t area = pixels.size() / channels;
  for (size_t i = 0; i < area; ++i)
    for (size_t c = 0; c < channels; ++c)
      to[c * area + i] = static_cast<T>(pixels[i * channels + c]);
}

template <class T>
void fill(std::span<const uint8_t> pixels, size_t image,
          const OnnxContract& contract, T* to) {
  if (contract.nhwc || contract.channels == 1) {
    std::ranges::copy(pixels, to);
    return;
  }
  for (size_t at = 0; at < pixels.size(); at += image)
    channels_first(pixels.subspan(at, image), contract.channels, to + at);
}

void check_rows(std::span<const float> values, size_t classes,
                const std::string& path) {
  constexpr double kSlack = 0.02;  // bf16 keeps eight bits of each
  for (size_t at = 0; at < values.size(); at += classes) {
    double sum = 0;
    for (const float p : values.subspan(at, classes))
      sum += p >= 0 ? p : std::nan("");
    if (std::abs(sum - 1) <= kSlack) continue;
    fail<DataError>(
        "[onnx] expected probabilities that sum to 1; got {} ({}). Export the "
        "run again.",
        sum, path);
  }
}

}  // namespace

struct OnnxSession::Network {
  std::string path;
  OnnxContract contract;
  ov::Core core;
  ov::CompiledModel compiled;
  Pool<ov::InferRequest> requests{
      [this] { return compiled.create_infer_request(); }};

  std::vector<float> run(std::span<const uint8_t> pixels, size_t n,
                         size_t image) {
    return requests.use([&](ov::InferRequest& request) {
      ov::Shape shape = {n};
      for (const auto& side : input_shape(contract))
        if (side.is_static()) shape.push_back(side.get_length());
      ov::Tensor input(
          contract.uint8_input ? ov::element::u8 : ov::element::f32, shape);
      if (contract.uint8_input)
        fill(pixels, image, contract, input.data<uint8_t>());
      else
        fill(pixels, image, contract, input.data<float>());
      request.set_input_tensor(input);
      request.infer();
      const ov::Tensor output = request.get_output_tensor();
      const float* data = output.data<const float>();
      return std::vector<float>(data, data + output.get_size());
    });
  }
};

Arithmetic parse_arithmetic(std::string_view word) {
  if (word == "f32") return Arithmetic::kF32;
  if (word == "bf16") return Arithmetic::kBf16;
  if (word == "auto") return Arithmetic::kAuto;
  fail<Error>("[onnx] expected f32, bf16 or auto; got '{}'.", word);
}

OnnxSession::OnnxSession(std::string_view bytes, const std::string& name,
                         const SessionOptions& options)
    : network_(std::make_unique<Network>()) {
  network_->path = name;
  if (bytes.size() > options.largest_file) {
    fail<DataError>("[onnx] expected at most {} bytes; got {} ({}).",
                    options.largest_file, bytes.size(), name);
  }
  try {
    const auto model =
        network_->core.read_model(std::string(bytes), ov::Tensor());
    network_->contract = from_metadata(metadata_of(*model), name);
    check_ports(*model, network_->contract, name);
    network_->compiled =
        network_->core.compile_model(model, "CPU", properties(options));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    fail<DataError>(
        "[onnx] expected an ONNX file of ferbench's; got one that cannot be "
        "read: {} ({}). Write it with `ferbench export`.",
        reason(error), name);
  }
}

namespace {

// The size is looked at first: the file is read whole.
std::string bytes_of(const std::filesystem::path& path, size_t largest) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (!failed && size > largest) {
    fail<DataError>("[onnx] expected at most {} bytes; got {} ({}).", largest,
                    size, path.string());
  }
  return read_file(path);
}

}  // namespace

OnnxSession::OnnxSession(const std::filesystem::path& path,
                         const SessionOptions& options)
    : OnnxSession(bytes_of(path, options.largest_file), path.string(),
                  options) {}

OnnxSession::~OnnxSession() = default;
OnnxSession::OnnxSession(OnnxSession&&) noexcept = default;
OnnxSession& OnnxSession::operator=(OnnxSession&&) noexcept = default;

const OnnxContract& OnnxSession::contract() const { return network_->contract; }

size_t OnnxSession::image_size() const {
  const OnnxContract& c = contract();
  return static_cast<size_t>(c.height) * c.width * c.channels;
}

std::vector<float> OnnxSession::run(std::span<const uint8_t> pixels,
                                    size_t n) const {
  if (pixels.size() != n * image_size()) {
    fail<Error>("[onnx] expected {} x {} pixels; got {}.", n, image_size(),
                pixels.size());
  }
  if (n == 0) return {};
  std::vector<float> values;
  try {
    values = network_->run(pixels, n, image_size());
  } catch (const std::exception& error) {
    fail<Error>("[onnx] expected the network to run; got: {} ({}).",
                reason(error), network_->path);
  }
  check_rows(values, classes(), network_->path);
  return values;
}

std::string openvino_version() {
  return ov::get_openvino_version().buildNumber;
}

}  // namespace fer
