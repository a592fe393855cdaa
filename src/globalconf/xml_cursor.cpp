// SPDX-License-Identifier: MIT
#include "globalconf/xml_cursor.hpp"

#include <expat.h>

#include <charconv>
#include <deque>
#include <utility>
#include <vector>

#include "domain/fault_code.hpp"

namespace causeway::globalconf {
namespace {

constexpr char kSeparator = ' ';
constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance ";
constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kMaxDepth = 64;

struct Event {
  enum class Kind { start, end, text };
  Kind kind = Kind::text;
  std::string value;  // name or text
  std::vector<std::pair<std::string, std::string>> attributes;
  std::size_t line = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view collapsed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<bool> to_boolean(std::string_view text) {
  text = collapsed(text);
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  text = collapsed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A dateTime of XML Schema may lack its offset; it is taken as UTC then.
std::optional<TimePoint> to_date_time(std::string_view text) {
  const std::string value(collapsed(text));
  if (auto time = parse_iso(value)) return *time;
  if (auto time = parse_iso(value + "Z")) return *time;
  return std::nullopt;
}

}  // namespace

std::string qualified(std::string_view name_space, std::string_view local) {
  return std::string(name_space) + kSeparator + std::string(local);
}

struct XmlCursor::State {
  explicit State(std::string_view text) : document(text), parser(XML_ParserCreateNS(nullptr, kSeparator)) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, &State::on_start, &State::on_end);
    XML_SetCharacterDataHandler(parser, &State::on_text);
    XML_SetStartDoctypeDeclHandler(parser, &State::on_doctype);
  }
  ~State() { XML_ParserFree(parser); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    State& self = *static_cast<State*>(data);
    if (self.fault) return;
    if (++self.depth_parsed > kMaxDepth) return self.stop("elements are nested too deep");
    Event event{Event::Kind::start, name, {}, self.current_line()};
    for (; *attributes != nullptr; attributes += 2) event.attributes.emplace_back(attributes[0], attributes[1]);
    self.events.push_back(std::move(event));
  }
  static void on_end(void* data, const XML_Char* name) {
    State& self = *static_cast<State*>(data);
    if (self.fault) return;
    --self.depth_parsed;
    self.events.push_back({Event::Kind::end, name, {}, self.current_line()});
  }
  static void on_text(void* data, const XML_Char* text, int size) {
    State& self = *static_cast<State*>(data);
    if (self.fault) return;
    if (self.events.empty() || self.events.back().kind != Event::Kind::text)
      self.events.push_back({Event::Kind::text, {}, {}, self.current_line()});
    self.events.back().value.append(text, static_cast<std::size_t>(size));
  }
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<State*>(data)->stop("a document type declaration is not allowed");
  }

  std::size_t current_line() const { return static_cast<std::size_t>(XML_GetCurrentLineNumber(parser)); }

  void fail(std::string_view text, std::size_t at) {
    if (!fault)
      fault =
          causeway::fault(FaultCode::malformed_global_conf, "line " + std::to_string(at) + ": " + std::string(text));
    events.clear();
  }
  void stop(std::string_view text) {
    fail(text, current_line());
    XML_StopParser(parser, XML_FALSE);
  }

  // The next event, or nullptr at the end of the document and after a fault.
  Event* peek() {
    while (events.empty() && !fault && !at_end) parse_chunk();
    return fault || events.empty() ? nullptr : &events.front();
  }
  void parse_chunk() {
    const std::string_view chunk = document.substr(parsed, kChunk);
    parsed += chunk.size();
    at_end = parsed == document.size();
    if (XML_Parse(parser, chunk.data(), static_cast<int>(chunk.size()), at_end) != XML_STATUS_OK && !fault)
      fail(XML_ErrorString(XML_GetErrorCode(parser)), current_line());
  }
  Event take() {
    Event event = std::move(events.front());
    events.pop_front();
    line = event.line;
    return event;
  }
  // White space between elements means nothing; other text there is a fault.
  Event* peek_element() {
    for (;;) {
      Event* event = peek();
      if (event == nullptr || event->kind != Event::Kind::text) return event;
      if (!collapsed(event->value).empty()) {
        fail("text where only elements may stand", event->line);
        return nullptr;
      }
      take();
    }
  }
  void check_attributes() {
    for (const auto& [name, value] : attributes)
      if (!name.starts_with(kSchemaInstance)) return fail("unexpected attribute " + name, line);
    attributes.clear();
  }

  std::string_view document;
  XML_Parser parser;
  std::size_t parsed = 0;
  bool at_end = false;
  std::size_t depth_parsed = 0;
  std::deque<Event> events;
  std::vector<std::pair<std::string, std::string>> attributes;  // of the element entered last
  std::size_t line = 1;
  std::optional<Fault> fault;
};

XmlCursor::XmlCursor(std::string_view document) : state_(std::make_unique<State>(document)) {}
XmlCursor::~XmlCursor() = default;

bool XmlCursor::enter_if(std::string_view name) {
  state_->check_attributes();
  const Event* event = state_->peek_element();
  if (event == nullptr || event->kind != Event::Kind::start || event->value != name) return false;
  state_->attributes = state_->take().attributes;
  return true;
}

bool XmlCursor::enter(std::string_view name) {
  if (enter_if(name)) return true;
  if (const Event* event = state_->peek_element()) {
    const bool start = event->kind == Event::Kind::start;
    state_->fail("expected element " + std::string(name) + ", found " + (start ? "" : "the end of ") + event->value,
                 event->line);
  } else {
    state_->fail("expected element " + std::string(name), state_->line);
  }
  return false;
}

void XmlCursor::leave() {
  state_->check_attributes();
  const Event* event = state_->peek_element();
  if (event == nullptr) return;
  if (event->kind == Event::Kind::start) return state_->fail("unexpected element " + event->value, event->line);
  state_->take();
}

std::optional<std::string> XmlCursor::attribute(std::string_view name) {
  auto& attributes = state_->attributes;
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    if (it->first != name) continue;
    std::string value = std::move(it->second);
    attributes.erase(it);
    return value;
  }
  return std::nullopt;
}

std::optional<std::string> XmlCursor::text_if(std::string_view name) {
  if (!enter_if(name)) return std::nullopt;
  state_->check_attributes();
  std::string text;
  while (const Event* event = state_->peek()) {
    if (event->kind == Event::Kind::start) {
      state_->fail("unexpected element " + event->value + " in " + std::string(name), event->line);
    } else if (event->kind == Event::Kind::text) {
      text += state_->take().value;
    } else {
      state_->take();
      return text;
    }
  }
  return std::nullopt;
}

std::string XmlCursor::text(std::string_view name) {
  if (auto text = text_if(name)) return *std::move(text);
  if (!failed()) enter(name);  // says what stands there instead
  return {};
}

std::int64_t XmlCursor::integer(std::string_view name) {
  const std::string value = text(name);
  const auto number = to_integer(value);
  if (!number) fail(std::string(name) + " is not an integer");
  return number.value_or(0);
}

std::optional<bool> XmlCursor::boolean_if(std::string_view name) {
  const auto value = text_if(name);
  if (!value) return std::nullopt;
  const auto flag = to_boolean(*value);
  if (!flag) fail(std::string(name) + " is not a boolean");
  return flag;
}

bool XmlCursor::boolean(std::string_view name) {
  const auto flag = to_boolean(text(name));
  if (!flag) fail(std::string(name) + " is not a boolean");
  return flag.value_or(false);
}

std::optional<Bytes> XmlCursor::base64_if(std::string_view name) {
  const auto value = text_if(name);
  if (!value) return std::nullopt;
  auto bytes = from_base64(*value);
  if (!bytes) {
    fail(std::string(name) + " is not Base64");
    return std::nullopt;
  }
  return *std::move(bytes);
}

Bytes XmlCursor::base64(std::string_view name) {
  if (auto bytes = base64_if(name)) return *std::move(bytes);
  if (!failed()) enter(name);
  return {};
}

std::optional<TimePoint> XmlCursor::date_time_if(std::string_view name) {
  const auto value = text_if(name);
  if (!value) return std::nullopt;
  const auto time = to_date_time(*value);
  if (!time) fail(std::string(name) + " is not a date and time");
  return time;
}

void XmlCursor::skip_rest() {
  state_->attributes.clear();
  std::size_t depth = 0;
  while (const Event* event = state_->peek_element()) {
    if (event->kind == Event::Kind::end && depth == 0) return;
    const bool start = state_->take().kind == Event::Kind::start;
    depth += start ? 1 : 0;
    // Inside what is passed over text may stand anywhere.
    for (const Event* inner = state_->peek(); inner != nullptr && depth > 0; inner = state_->peek()) {
      const Event::Kind kind = state_->take().kind;
      if (kind == Event::Kind::start) ++depth;
      if (kind == Event::Kind::end) --depth;
    }
  }
}

void XmlCursor::fail(std::string_view text) { state_->fail(text, state_->line); }
bool XmlCursor::failed() const { return state_->fault.has_value(); }

Result<void> XmlCursor::finish() {
  state_->check_attributes();
  if (const Event* event = state_->peek_element()) state_->fail("unexpected " + event->value, event->line);
  if (state_->fault) return *state_->fault;
  return {};
}

}  // namespace causeway::globalconf
