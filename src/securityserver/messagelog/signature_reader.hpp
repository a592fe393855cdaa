// SPDX-License-Identifier: MIT
// The signatures of a log, record by record, without messages and bodies: what
// time-stamping needs. For any process, also while the log is being written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "securityserver/messagelog/log_end.hpp"
#include "securityserver/messagelog/segment_format.hpp"
#include "securityserver/messagelog/segment_reader.hpp"

namespace causeway::securityserver {

struct LoggedSignature {
  std::uint64_t id = 0;  // of the record
  Position position;     // of the record
  Position end;          // behind it: where to go on
  // The signature document. Records that were signed together share it. Null where the
  // log is damaged.
  std::shared_ptr<const std::string> document;
};

class SignatureReader {
 public:
  // From there on, up to what was on disk when this was opened: all of that stays. Nothing
  // of a log that is not known to have anything on disk. io_error.
  static Result<SignatureReader> open(const std::string& directory, Position from);

  // In the order of ids. Nothing at the end.
  Result<std::optional<LoggedSignature>> next();

  std::uint64_t last_id() const { return last_id_; }  // of the log; 0 when it is empty

 private:
  SignatureReader(std::string directory, std::vector<std::uint64_t> segments, Position at, const LogEnd& end)
      : directory_(std::move(directory)),
        segments_(std::move(segments)),
        at_(at),
        end_(end.position),
        last_id_(end.last_id) {}
  bool enter_segment();
  LoggedSignature signature_of(const Frame& record);

  std::string directory_;
  std::vector<std::uint64_t> segments_;
  Position at_, end_;
  std::uint64_t last_id_;
  std::optional<SegmentReader> segment_;
  std::uint64_t known_offset_ = 0;  // of the text below, in the open segment; 0: none
  std::shared_ptr<const std::string> known_;
};

}  // namespace causeway::securityserver
