// SPDX-License-Identifier: MIT
#include "globalconf/xml_cursor.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "domain/fault_code.hpp"
#include "globalconf/xml_values.hpp"
#include "xml/sax.hpp"

namespace causeway::globalconf {
namespace {

constexpr char kSeparator = ' ';
constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance ";
constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxAttributes = 64;

struct Event {
  enum class Kind { start, end, text };
  Kind kind = Kind::text;
  std::string value;  // name or text
  std::vector<std::pair<std::string, std::string>> attributes;
  std::size_t place = 0;  // in the document
};

}  // namespace

std::string qualified(std::string_view name_space, std::string_view local) {
  return std::string(name_space) + kSeparator + std::string(local);
}

struct XmlCursor::State final : xml::SaxHandler {
  explicit State(std::string_view text)
      : document(text), reader(*this, {std::max<std::size_t>(text.size(), 1), kMaxDepth, kMaxAttributes}) {}

  static std::string name_of(const xml::SaxName& name) {
    return name.namespace_uri.empty() ? std::string(name.local) : qualified(name.namespace_uri, name.local);
  }
  Result<void> element_begin(const xml::SaxName& name, std::span<const xml::SaxAttribute> found,
                             xml::SaxPlace at) override {
    Event event{Event::Kind::start, name_of(name), {}, at.begin};
    for (const xml::SaxAttribute& attribute : found)
      event.attributes.emplace_back(name_of(attribute.name), attribute.value);
    events.push_back(std::move(event));
    return {};
  }
  Result<void> element_end(const xml::SaxName& name, xml::SaxPlace at) override {
    events.push_back({Event::Kind::end, name_of(name), {}, at.begin});
    return {};
  }
  Result<void> characters(std::string_view text, xml::SaxPlace at) override {
    if (events.empty() || events.back().kind != Event::Kind::text)
      events.push_back({Event::Kind::text, {}, {}, at.begin});
    events.back().value.append(text);
    return {};
  }

  void fail(std::string_view text, std::size_t at) {
    const auto end = document.begin() + static_cast<std::ptrdiff_t>(std::min(at, document.size()));
    const auto line = 1 + std::count(document.begin(), end, '\n');
    set_fault("line " + std::to_string(line) + ": " + std::string(text));
  }
  void set_fault(std::string text) {
    if (!fault) fault = causeway::fault(FaultCode::malformed_global_conf, std::move(text));
    events.clear();
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
    auto fed = reader.feed(as_bytes(chunk));
    if (fed && at_end) fed = reader.end();
    if (!fed) set_fault(std::move(fed).error().text);
  }
  Event take() {
    Event event = std::move(events.front());
    events.pop_front();
    place = event.place;
    return event;
  }
  // White space between elements means nothing; other text there is a fault.
  Event* peek_element() {
    for (;;) {
      Event* event = peek();
      if (event == nullptr || event->kind != Event::Kind::text) return event;
      if (!collapsed(event->value).empty()) {
        fail("text where only elements may stand", event->place);
        return nullptr;
      }
      take();
    }
  }
  void check_attributes() {
    for (const auto& [name, value] : attributes)
      if (!name.starts_with(kSchemaInstance)) return fail("unexpected attribute " + name, place);
    attributes.clear();
  }

  std::string_view document;
  xml::SaxReader reader;
  std::size_t parsed = 0;
  bool at_end = false;
  std::deque<Event> events;
  std::vector<std::pair<std::string, std::string>> attributes;  // of the element entered last
  std::size_t place = 0;                                        // of the event taken last
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
                 event->place);
  } else {
    state_->fail("expected element " + std::string(name), state_->place);
  }
  return false;
}

void XmlCursor::leave() {
  state_->check_attributes();
  const Event* event = state_->peek_element();
  if (event == nullptr) return;
  if (event->kind == Event::Kind::start) return state_->fail("unexpected element " + event->value, event->place);
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
      state_->fail("unexpected element " + event->value + " in " + std::string(name), event->place);
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

void XmlCursor::fail(std::string_view text) { state_->fail(text, state_->place); }
bool XmlCursor::failed() const { return state_->fault.has_value(); }

Result<void> XmlCursor::finish() {
  state_->check_attributes();
  if (const Event* event = state_->peek_element()) state_->fail("unexpected " + event->value, event->place);
  if (state_->fault) return *state_->fault;
  return {};
}

}  // namespace causeway::globalconf
