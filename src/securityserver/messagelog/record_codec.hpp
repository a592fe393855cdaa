// SPDX-License-Identifier: MIT
// The payload of a record frame: metadata, message, hash chain, attachments, one after the
// other. Where there is a key or a second attachment, the metadata go on behind what the
// first form of a record had.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "securityserver/messagelog/message_log.hpp"

namespace causeway::securityserver {

struct RecordMetadata {
  // Offsets of text frames in the same segment; 0 for an empty text.
  std::uint64_t signature_offset = 0, hash_chain_result_offset = 0;
  std::uint64_t message_length = 0, hash_chain_length = 0;
  std::vector<std::uint64_t> attachment_lengths;
  FoundRecord found;  // without the id, which the frame has
  // The service's code and version apart, to build the identifier again.
  std::string provider, service_code, service_version;
  std::string key_id;
};

// logging_failed when an identifier is longer than 255 characters, as X-Road's columns are.
Result<Bytes> encode_metadata(const LogRecord& record);
// Where the two offsets go, which are known last.
void set_text_offsets(Bytes& metadata, std::uint64_t signature, std::uint64_t hash_chain_result);

// io_error if it is not what encode_metadata writes.
Result<RecordMetadata> decode_metadata(ByteView octets);
// The record without message, signature and attachments.
Result<LogRecord> to_log_record(const RecordMetadata& metadata, std::uint64_t id);

}  // namespace causeway::securityserver
