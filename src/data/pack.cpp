#include "data/pack.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/parallel.h"
#include "data/fingerprint.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMagic = "FERPACK\n";
constexpr uint32_t kVersion = 1;
constexpr size_t kPrefix = 80, kAlign = 4096, kChunk = size_t{4} << 20;

using Bytes = std::span<const std::byte>;

size_t align(size_t n, size_t to) { return (n + to - 1) / to * to; }

template <class T>
Bytes as_bytes(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

[[noreturn]] void fail_damaged(const fs::path& path, const std::string& what) {
  fail<DataError>(
      "[pack] expected a whole packed file; got {} ({}). Make it again.", what,
      path.string());
}

/// Everything of the body but the pixels, which follow it at once.
struct Body {
  std::vector<std::byte> front;
  Json sections = Json::object();

  void add(const char* name, Bytes bytes, size_t alignment) {
    front.resize(align(front.size(), alignment));
    sections[name] = {front.size(), bytes.size()};
    front.insert(front.end(), bytes.begin(), bytes.end());
  }
};

Body make_body(const ImageSet& images) {
  const std::vector<int32_t> labels(images.labels.begin(), images.labels.end());
  std::vector<uint64_t> ends;
  std::string ids;
  for (const std::string& id : images.ids) {
    ids += id;
    ends.push_back(ids.size());
  }
  Body body;
  body.add("labels", as_bytes(labels), 8);
  body.add("usage", as_bytes(images.usage), 8);
  body.add("id_ends", as_bytes(ends), 8);
  body.add("ids", std::as_bytes(std::span(ids)), 8);
  body.front.resize(align(body.front.size(), kAlign));
  body.sections["pixels"] = {body.front.size(),
                             images.size() * images.image_bytes()};
  return body;
}

/// Calls use(i, piece) for every chunk of the body given as two runs.
std::vector<std::string> hash_chunks(Bytes front, Bytes pixels) {
  const size_t total = front.size() + pixels.size();
  std::vector<std::string> hashes((total + kChunk - 1) / kChunk);
  const auto piece = [](Bytes run, size_t begin, size_t end) {
    begin = std::min(begin, run.size());
    return run.subspan(begin, std::min(end, run.size()) - begin);
  };
  parallel_for(hashes.size(), [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      const size_t begin = i * kChunk, end = std::min(total, begin + kChunk);
      const auto after = [&](size_t x) {
        return x - std::min(x, front.size());
      };
      Sha256 hash;
      hash.update(piece(front, begin, end));
      hash.update(piece(pixels, after(begin), after(end)));
      hashes[i] = hash.hex();
    }
  });
  return hashes;
}

Json bad_to_json(const std::vector<BadImage>& bad) {
  Json list = Json::array();
  for (const BadImage& image : bad)
    list.push_back({{"id", image.id}, {"reason", image.reason}});
  return list;
}

Json parse_header(Bytes file, const fs::path& path) {
  const auto* text = reinterpret_cast<const char*>(file.data());
  if (file.size() < kPrefix || std::string_view(text, 8) != kMagic) {
    fail<DataError>(
        "[pack] expected a packed file; got something else ({}). Make one with "
        "`ferbench data prepare`.",
        path.string());
  }
  uint32_t version, size;
  std::memcpy(&version, text + 8, 4);
  std::memcpy(&size, text + 12, 4);
  if (version != kVersion) {
    fail<DataError>(
        "[pack] expected version {}; got {} ({}). Make it again with this "
        "program.",
        kVersion, version, path.string());
  }
  if (file.size() - kPrefix < size) fail_damaged(path, "a cut-off header");
  if (sha256(file.subspan(kPrefix, size)) != std::string_view(text + 16, 64))
    fail_damaged(path, "a header that does not match its checksum");
  Json header =
      Json::parse(text + kPrefix, text + kPrefix + size, nullptr, false);
  if (!header.is_object()) fail_damaged(path, "a header that is no JSON");
  header["body_offset"] = align(kPrefix + size, kAlign);
  return header;
}

Bytes checked_body(Bytes file, const Json& header, const fs::path& path) {
  const size_t offset = header.at("body_offset");
  const size_t size = header.at("body_bytes");
  if (file.size() < offset || file.size() - offset != size) {
    fail_damaged(path, fmt::format("{} bytes where {} were written",
                                   file.size(), offset + size));
  }
  const Bytes body = file.subspan(offset);
  const auto want = header.at("chunks").get<std::vector<std::string>>();
  if (hash_chunks(body, {}) != want)
    fail_damaged(path, "pixels or labels that do not match their checksum");
  return body;
}

/// A section as values; DataError unless it lies inside and has `count` of
/// them.
template <class T>
std::vector<T> section(Bytes body, const Json& header, const char* name,
                       size_t count, const fs::path& path) {
  const auto [offset, bytes] =
      header.at("sections").at(name).get<std::pair<size_t, size_t>>();
  if (offset > body.size() || bytes > body.size() - offset ||
      bytes / sizeof(T) != count || bytes % sizeof(T) != 0)
    fail_damaged(path, fmt::format("a wrong section '{}'", name));
  std::vector<T> values(count);
  if (bytes > 0) std::memcpy(values.data(), body.data() + offset, bytes);
  return values;
}

std::vector<std::string> read_ids(Bytes body, const Json& header, size_t n,
                                  const fs::path& path) {
  const auto ends = section<uint64_t>(body, header, "id_ends", n, path);
  const auto text =
      section<char>(body, header, "ids", ends.empty() ? 0 : ends.back(), path);
  std::vector<std::string> ids;
  ids.reserve(n);
  uint64_t begin = 0;
  for (const uint64_t end : ends) {
    if (end < begin || end > text.size())
      fail_damaged(path, "a wrong section 'id_ends'");
    ids.emplace_back(text.data() + begin, end - begin);
    begin = end;
  }
  return ids;
}

void check_values(const ImageSet& set, const fs::path& path) {
  const auto classes = static_cast<int64_t>(set.class_names.size());
  for (const int64_t label : set.labels) {
    if (label < 0 || label >= classes) fail_damaged(path, "a wrong label");
  }
  for (const Usage usage : set.usage) {
    if (usage > Usage::kPrivateTest) fail_damaged(path, "a wrong usage");
  }
}

ImageSet unpack(const Json& header, Bytes body, const fs::path& path) {
  ImageSet set;
  const size_t n = header.at("images");
  set.channels = header.at("channels");
  set.height = header.at("height");
  set.width = header.at("width");
  header.at("class_names").get_to(set.class_names);
  header.at("fingerprint").get_to(set.fingerprint);
  for (const Json& bad : header.at("bad"))
    set.bad.push_back({bad.at("id"), bad.at("reason")});
  const auto labels = section<int32_t>(body, header, "labels", n, path);
  set.labels.assign(labels.begin(), labels.end());
  set.usage = section<Usage>(body, header, "usage", n, path);
  set.ids = read_ids(body, header, n, path);
  const auto [offset, bytes] =
      header.at("sections").at("pixels").get<std::pair<size_t, size_t>>();
  if (offset > body.size() || bytes != body.size() - offset ||
      set.image_bytes() == 0 || bytes / set.image_bytes() != n ||
      bytes % set.image_bytes() != 0)
    fail_damaged(path, "a wrong section 'pixels'");
  set.pixels = reinterpret_cast<const uint8_t*>(body.data() + offset);
  check_values(set, path);
  return set;
}

}  // namespace

void write_pack(const fs::path& path, const ImageSet& images) {
  if (!images.targets.empty()) {
    fail<DataError>(
        "[pack] expected one label for each image; got votes, which a packed "
        "file cannot hold ({}). Pack with data.labels: folder and give "
        "data.labels and data.ferplus to the runs.",
        path.string());
  }
  const Body body = make_body(images);
  const Bytes pixels = std::as_bytes(
      std::span(images.pixels, images.size() * images.image_bytes()));
  const Json header = {
      {"images", images.size()},
      {"channels", images.channels},
      {"height", images.height},
      {"width", images.width},
      {"class_names", images.class_names},
      {"fingerprint", images.fingerprint.empty() ? image_fingerprint(images)
                                                 : images.fingerprint},
      {"bad", bad_to_json(images.bad)},
      {"body_bytes", body.front.size() + pixels.size()},
      {"chunks", hash_chunks(body.front, pixels)},
      {"sections", body.sections}};
  const std::string text = json_text(header, -1);
  const auto size = static_cast<uint32_t>(text.size());
  std::string prefix(kMagic);
  prefix.append(reinterpret_cast<const char*>(&kVersion), 4);
  prefix.append(reinterpret_cast<const char*>(&size), 4);
  prefix += sha256(text);
  prefix += text;
  prefix.resize(align(prefix.size(), kAlign));
  AtomicFile file(path);
  file.write(prefix);
  file.write(Bytes(body.front));
  file.write(pixels);
  file.commit();
}

ImageSet read_pack(const fs::path& path) {
  const auto file = std::make_shared<const MappedFile>(path);
  const Json header = parse_header(file->bytes(), path);
  ImageSet set;
  try {
    set = unpack(header, checked_body(file->bytes(), header, path), path);
  } catch (const Json::exception& error) {
    fail_damaged(path, fmt::format("a header with faults ({})", error.what()));
  }
  set.owner = file;
  return set;
}

}  // namespace fer
