// TensorBoard's event format, by hand: records of (length, CRC, message, CRC)
// around protobuf messages of three fields.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fer {

/// CRC-32C (Castagnoli).
uint32_t crc32c(std::string_view bytes);
/// rotate right by 15, + 0xa282ead8: so that a CRC of data with CRCs stays
/// good.
uint32_t masked_crc32c(std::string_view bytes);

struct Scalar {
  std::string_view tag;
  double value;  ///< stored as float
};

/// u64 length | u32 masked CRC of the length | data | u32 masked CRC of data.
std::string event_record(std::string_view data);

/// The Event message that opens a file: file_version "brain.Event:2".
std::string version_event(double wall_time);
/// An Event message with one Summary of simple values. wall_time: seconds since
/// 1970.
std::string scalar_event(double wall_time, int64_t step,
                         std::span<const Scalar> scalars);

}  // namespace fer
