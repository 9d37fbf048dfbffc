// Content hashes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fer {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256(std::span<const std::byte> bytes);
std::string sha256(std::string_view bytes);

/// SHA-256 fed piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  std::string hex();  ///< ends the hash; call once

 private:
  void* context_;
};

}  // namespace fer
