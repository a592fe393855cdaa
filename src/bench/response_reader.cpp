// SPDX-License-Identifier: MIT
#include "bench/response_reader.hpp"

#include <algorithm>
#include <charconv>

#include "net/http_message.hpp"

namespace causeway::bench {
namespace {

constexpr std::size_t kMaxHead = 64 * 1024;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// False unless all of the text is the number.
template <class Number>
bool number_of(std::string_view text, Number& number, int base = 10) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return failure == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

void ResponseReader::reset() {
  part_ = Part::head;
  head_.clear();
  line_.clear();
  status_ = 0;
  closes_ = chunked_ = sized_ = false;
  left_ = body_octets_ = 0;
}

ResponseReader::State ResponseReader::read(std::string_view octets) {
  while (part_ == Part::head && !octets.empty()) {
    // The end of the head may lie across what came before and what came now.
    const std::size_t before = head_.size();
    head_.append(octets.substr(0, kMaxHead));
    const std::size_t end = head_.find(kEndOfHead, before > 3 ? before - 3 : 0);
    if (end == std::string::npos) {
      if (head_.size() >= kMaxHead) part_ = Part::broken;
      break;
    }
    octets.remove_prefix(end + kEndOfHead.size() - before);
    head_.resize(end + 2);
    take_head();
  }
  if (part_ != Part::head) read_body(octets);
  if (part_ == Part::broken) return State::broken;
  return part_ == Part::done ? State::done : State::more;
}

ResponseReader::State ResponseReader::ended() const {
  return part_ == Part::until_end || part_ == Part::done ? State::done : State::broken;
}

void ResponseReader::take_head() {
  std::string_view rest = head_;
  const std::string_view first = rest.substr(0, rest.find("\r\n"));
  rest.remove_prefix(first.size() + 2);
  if (!first.starts_with("HTTP/1.") || first.size() < 12 || !number_of(first.substr(9, 3), status_)) {
    part_ = Part::broken;
    return;
  }
  closes_ = first[7] == '0';
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) take_field(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  if (part_ == Part::broken) return;
  if (status_ < 200) return reset();
  const bool none = status_ == 204 || status_ == 304 || (sized_ && left_ == 0);
  part_ = none ? Part::done : chunked_ ? Part::chunk_size : sized_ ? Part::sized : Part::until_end;
  if (part_ == Part::until_end) closes_ = true;
}

void ResponseReader::take_field(std::string_view name, std::string_view value) {
  if (net::equals_ignoring_case(name, "content-length")) {
    sized_ = number_of(value, left_);
    if (!sized_) part_ = Part::broken;
  } else if (net::equals_ignoring_case(name, "transfer-encoding")) {
    chunked_ = net::equals_ignoring_case(value, "chunked");
  } else if (net::equals_ignoring_case(name, "connection") && net::equals_ignoring_case(value, "close")) {
    closes_ = true;
  }
}

void ResponseReader::read_body(std::string_view& octets) {
  while (!octets.empty()) {
    switch (part_) {
      case Part::until_end:
        body_octets_ += octets.size();
        return;
      case Part::sized:
      case Part::chunk: {
        const auto taken = std::min<std::uint64_t>(left_, octets.size());
        octets.remove_prefix(taken);
        body_octets_ += taken;
        left_ -= taken;
        if (left_ == 0) part_ = part_ == Part::sized ? Part::done : Part::chunk_end;
        break;
      }
      case Part::chunk_size:
        if (take_line(octets)) take_chunk_size();
        break;
      case Part::chunk_end:
        if (take_line(octets)) part_ = line_.empty() ? Part::chunk_size : Part::broken;
        line_.clear();
        break;
      case Part::trailers:
        if (take_line(octets)) {
          if (line_.empty()) part_ = Part::done;
          line_.clear();
        }
        break;
      default:
        part_ = Part::broken;  // more than was asked for
        return;
    }
  }
}

bool ResponseReader::take_line(std::string_view& octets) {
  const std::size_t end = octets.find('\n');
  line_.append(octets.substr(0, end));
  octets.remove_prefix(end == std::string_view::npos ? octets.size() : end + 1);
  if (line_.size() > kMaxHead) part_ = Part::broken;
  if (end == std::string_view::npos) return false;
  if (line_.ends_with('\r')) line_.pop_back();
  return true;
}

void ResponseReader::take_chunk_size() {
  const std::string_view size = trimmed(std::string_view(line_).substr(0, line_.find(';')));
  if (!number_of(size, left_, 16))
    part_ = Part::broken;
  else
    part_ = left_ == 0 ? Part::trailers : Part::chunk;
  line_.clear();
}

}  // namespace causeway::bench
