// SPDX-License-Identifier: MIT
#include "message/multipart.hpp"

#include <cstring>

#include "base/uuid.hpp"
#include "domain/fault_code.hpp"

namespace causeway::message {
namespace {

// How a delimiter line is told, and that whatever follows on it is passed over, is
// mime4j's rule (messages.md 4.4): both sides must cut a message at the same places.
bool may_follow_delimiter(char c) { return c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Or the line end before one.
bool begins_delimiter(char c) { return c == '-' || c == '\r' || c == '\n'; }

bool is_space(char c) { return c == ' ' || c == '\t'; }

Fault broken(std::string text) { return fault(FaultCode::mime_parsing_failed, std::move(text)); }

}  // namespace

struct MultipartParser::State {
  enum class Place { preamble, delimiter_line, header, body, epilogue };

  State(std::string_view boundary, MultipartHandler& told, MultipartLimits allowed) : handler(told), limits(allowed) {
    delimiter.reserve(2 + boundary.size());
    delimiter.append("--").append(boundary);
    valid = !boundary.empty() && boundary.size() <= 1000 && boundary.find_first_of("\r\n") == std::string_view::npos;
    expect_line_start();
  }

  Result<void> take(std::string_view& input);
  Result<void> take_text(std::string_view& input);
  Result<void> take_held(std::string_view& input);
  Result<void> take_delimiter_line(std::string_view& input);
  Result<void> take_header(std::string_view& input);
  Result<void> header_line(std::string_view line);
  Result<void> keep_field();
  Result<void> add_header(std::string_view text);
  Result<void> begin_part();
  Result<void> end_part();
  Result<void> deliver(std::string_view text);
  Result<void> delimiter_found();
  void expect_line_start();
  // Whether `text`, which starts with a line end, may still become a delimiter.
  enum class Match { no, partly, wholly };
  Match match(std::string_view text) const;

  std::string delimiter;
  MultipartHandler& handler;
  MultipartLimits limits;
  bool valid = false;
  Place place = Place::preamble;
  bool part_open = false;
  bool last = false;
  char before = 0;       // in a delimiter line
  std::string held;      // in a text: line end and beginning of what may be a delimiter
  std::size_t unreal{};  // octets at the front of `held` that were never in the input
  std::string line, field;
  net::Headers headers;
  std::size_t headers_size = 0;
};

// The beginning of a text counts as the beginning of a line.
void MultipartParser::State::expect_line_start() {
  held = "\n";
  unreal = 1;
}

MultipartParser::State::Match MultipartParser::State::match(std::string_view text) const {
  if (text.starts_with('\r')) text.remove_prefix(1);
  if (text.empty()) return Match::partly;
  if (text.front() != '\n') return Match::no;
  text.remove_prefix(1);
  if (text.size() <= delimiter.size()) return std::string_view(delimiter).starts_with(text) ? Match::partly : Match::no;
  return text.starts_with(delimiter) && may_follow_delimiter(text[delimiter.size()]) ? Match::wholly : Match::no;
}

Result<void> MultipartParser::State::deliver(std::string_view text) {
  if (place != Place::body || text.empty()) return {};
  return handler.part_data(as_bytes(text));
}

Result<void> MultipartParser::State::delimiter_found() {
  held.clear();
  unreal = 0;
  if (part_open)
    if (auto ended = end_part(); !ended) return ended;
  place = Place::delimiter_line;
  before = 0;
  return {};
}

Result<void> MultipartParser::State::begin_part() {
  part_open = true;
  headers_size = 0;
  const net::Headers complete = std::exchange(headers, {});
  return handler.part_begin(complete);
}

Result<void> MultipartParser::State::end_part() {
  part_open = false;
  return handler.part_end();
}

// One octet is added at a time to what is held, until it is a delimiter or none.
Result<void> MultipartParser::State::take_held(std::string_view& input) {
  while (!input.empty()) {
    // The usual beginning of a part: it goes on as one piece.
    if (held.size() == unreal && !begins_delimiter(input.front())) {
      held.clear();
      unreal = 0;
      return {};
    }
    held += input.front();
    const Match found = match(held);
    if (found == Match::wholly) return delimiter_found();  // its last octet belongs to the line
    const char added = input.front();
    input.remove_prefix(1);
    if (found == Match::partly) continue;
    // Only the last octet can begin another line end: a boundary holds none.
    const bool restart = added == '\r' || added == '\n';
    std::string text = std::exchange(held, restart ? std::string(1, added) : std::string());
    if (restart) text.pop_back();
    // "\r\n" counts as one line end only when nothing was taken off between.
    if (auto passed = deliver(std::string_view(text).substr(std::exchange(unreal, 0))); !passed) return passed;
    if (!restart) return {};
  }
  return {};
}

Result<void> MultipartParser::State::take_text(std::string_view& input) {
  if (!held.empty()) {
    if (auto taken = take_held(input); !taken) return taken;
    if (!held.empty() || place == Place::delimiter_line) return {};
  }
  std::size_t from = 0;
  while (from < input.size()) {
    const void* found = std::memchr(input.data() + from, '\n', input.size() - from);
    if (!found) break;
    const std::size_t at = static_cast<std::size_t>(static_cast<const char*>(found) - input.data());
    const Match result = match(input.substr(at));
    if (result == Match::no) {
      from = at + 1;
      continue;
    }
    const std::size_t start = at > 0 && input[at - 1] == '\r' ? at - 1 : at;
    const std::string_view text = input.substr(0, start);
    if (result == Match::partly) {
      held = input.substr(start);
      input = {};
      return deliver(text);
    }
    input.remove_prefix(at + 1 + delimiter.size());
    if (auto passed = deliver(text); !passed) return passed;
    return delimiter_found();
  }
  const bool ends_with_return = !input.empty() && input.back() == '\r';
  if (ends_with_return) held = "\r";
  const std::string_view text = input.substr(0, input.size() - (ends_with_return ? 1 : 0));
  input = {};
  return deliver(text);
}

Result<void> MultipartParser::State::take_delimiter_line(std::string_view& input) {
  while (!input.empty()) {
    const char c = input.front();
    input.remove_prefix(1);
    if (c == '-' && before == '-') last = true;
    before = c;
    if (c != '\n') continue;
    if (last) {
      place = Place::epilogue;
    } else {
      place = Place::header;
      line.clear();
    }
    break;
  }
  // An end delimiter counts without a line end.
  if (last) place = Place::epilogue;
  return {};
}

Result<void> MultipartParser::State::take_header(std::string_view& input) {
  const auto end = input.find('\n');
  const std::string_view piece = input.substr(0, end == std::string_view::npos ? input.size() : end + 1);
  input.remove_prefix(piece.size());
  if (line.size() + piece.size() > limits.max_header_line + 2) return broken("a header line of a part is too long");
  if (end == std::string_view::npos) {
    line += piece;
    return {};
  }
  if (line.empty()) return header_line(piece);
  line += piece;
  const std::string whole = std::exchange(line, {});
  return header_line(whole);
}

Result<void> MultipartParser::State::header_line(std::string_view text) {
  if (text.starts_with(delimiter) && text.size() > delimiter.size() && may_follow_delimiter(text[delimiter.size()])) {
    if (auto kept = keep_field(); !kept) return kept;
    if (auto begun = begin_part(); !begun) return begun;
    if (auto found = delimiter_found(); !found) return found;
    text.remove_prefix(delimiter.size());
    return take_delimiter_line(text);
  }
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  // Headers of attachments are written out again: nothing may pass for a line end there.
  if (text.find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos)
    return broken("a header of a part holds a control character");
  if (text.empty()) {
    if (auto kept = keep_field(); !kept) return kept;
    if (auto begun = begin_part(); !begun) return begun;
    place = Place::body;
    expect_line_start();
    return {};
  }
  if (!is_space(text.front())) {
    if (auto kept = keep_field(); !kept) return kept;
  } else if (field.empty()) {
    return {};  // continues nothing
  }
  if (field.size() + text.size() > limits.max_header) return broken("a header of a part is too long");
  field += text;
  return {};
}

Result<void> MultipartParser::State::keep_field() {
  auto kept = add_header(field);
  field.clear();
  return kept;
}

// A line without colon is passed over, as mime4j does.
Result<void> MultipartParser::State::add_header(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  auto name_end = colon;
  while (name_end > 0 && is_space(text[name_end - 1])) --name_end;
  if (name_end == 0) return {};
  headers_size += text.size();
  if (headers.size() >= limits.max_header_count || headers_size > limits.max_headers)
    return broken("a part has too many headers");
  const bool space = colon + 1 < text.size() && is_space(text[colon + 1]);
  headers.add(std::string(text.substr(0, name_end)), std::string(text.substr(colon + (space ? 2 : 1))));
  return {};
}

Result<void> MultipartParser::State::take(std::string_view& input) {
  switch (place) {
    case Place::preamble:
    case Place::body:
      return take_text(input);
    case Place::delimiter_line:
      return take_delimiter_line(input);
    case Place::header:
      return take_header(input);
    case Place::epilogue:
      input = {};
      return {};
  }
  return {};
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartHandler& handler, MultipartLimits limits)
    : state_(std::make_unique<State>(boundary, handler, limits)) {}

MultipartParser::~MultipartParser() = default;

Result<void> MultipartParser::feed(ByteView bytes) {
  if (!state_->valid) return broken("the boundary is empty, too long or holds a line end");
  std::string_view input = as_text(bytes);
  while (!input.empty())
    if (auto taken = state_->take(input); !taken) return taken;
  return {};
}

Result<void> MultipartParser::end() {
  State& state = *state_;
  if (!state.valid) return broken("the boundary is empty, too long or holds a line end");
  using Place = State::Place;
  if (state.place == Place::header && (!state.line.empty() || !state.field.empty() || state.headers.size() > 0)) {
    if (!state.line.empty())
      if (auto taken = state.header_line(std::exchange(state.line, {})); !taken) return taken;
    if (state.place == Place::header) {
      if (auto kept = state.keep_field(); !kept) return kept;
      if (auto begun = state.begin_part(); !begun) return begun;
    }
  } else if (state.place == Place::body && !state.held.empty()) {
    // A delimiter that the input's end cut off after its last octet is one.
    const std::string_view held = state.held;
    if (!held.ends_with("\n" + state.delimiter))
      if (auto passed = state.deliver(held.substr(state.unreal)); !passed) return passed;
    state.held.clear();
  }
  return state.part_open ? state.end_part() : Result<void>();
}

bool MultipartParser::closed() const { return state_->last; }

std::string MultipartWriter::part(std::string_view content_type, const net::Headers& more) {
  std::string text;
  text.reserve(boundary_.size() + content_type.size() + 32);
  if (!first_) text += "\r\n";
  first_ = false;
  text.append("--").append(boundary_).append("\r\n");
  if (!content_type.empty()) text.append("content-type: ").append(content_type).append("\r\n");
  for (const auto& [name, value] : more) text.append(name).append(": ").append(value).append("\r\n");
  text += "\r\n";
  return text;
}

std::string MultipartWriter::end() {
  std::string text;
  text.reserve(boundary_.size() + 8);
  text.append("\r\n--").append(boundary_).append("--\r\n");
  return text;
}

std::string top_boundary() { return "xtop" + random_letters(30); }

std::string nested_boundary() { return "xatt" + random_letters(30); }

std::string mixed_content_type(std::string_view boundary) {
  constexpr std::string_view kStart = "multipart/mixed; charset=UTF-8; boundary=";
  std::string text;
  text.reserve(kStart.size() + boundary.size());
  text.append(kStart).append(boundary);
  return text;
}

}  // namespace causeway::message
