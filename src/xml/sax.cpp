// SPDX-License-Identifier: MIT
#include "xml/sax.hpp"

#include <expat.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "xml/markup_meter.hpp"

namespace causeway::xml {
namespace {

// No XML document can hold it, so it cannot be part of a namespace name.
constexpr char kSeparator = '\x1f';

Fault invalid(std::string text) { return Fault{"invalid_xml", std::move(text)}; }

// "uri SEP local SEP prefix", "uri SEP local" or "local".
SaxName split_name(const char* text) {
  const std::string_view whole(text);
  const auto first = whole.find(kSeparator);
  if (first == std::string_view::npos) return {{}, whole, {}};
  const auto second = whole.find(kSeparator, first + 1);
  if (second == std::string_view::npos) return {whole.substr(0, first), whole.substr(first + 1), {}};
  return {whole.substr(0, first), whole.substr(first + 1, second - first - 1), whole.substr(second + 1)};
}

}  // namespace

Result<void> SaxHandler::declaration(std::string_view, SaxPlace) { return {}; }

struct SaxReader::State {
  State(SaxHandler& told, SaxLimits allowed)
      : handler(told),
        limits(allowed),
        meter({.attributes_of_a_tag = allowed.attributes_of_an_element + allowed.namespace_declarations_of_an_element}),
        parser(XML_ParserCreateNS(nullptr, kSeparator)) {
    if (!parser) throw std::bad_alloc();
    XML_SetUserData(parser, this);
    XML_SetReturnNSTriplet(parser, 1);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_characters);
    XML_SetXmlDeclHandler(parser, on_declaration);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
  }
  ~State() { XML_ParserFree(parser); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Result<void> parse(std::string_view text, bool last);
  SaxPlace place() const;
  void stop(Fault with);
  void refuse(std::string text) {
    malformed = !fault;
    stop(invalid(std::move(text)));
  }
  void note(Result<void> result) {
    if (!result) stop(std::move(result).error());
  }

  static void on_begin(void* user, const XML_Char* name, const XML_Char** attributes);
  static void on_end(void* user, const XML_Char* name);
  static void on_characters(void* user, const XML_Char* text, int size);
  static void on_declaration(void* user, const XML_Char* version, const XML_Char* encoding, int standalone);
  static void on_doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int);

  SaxHandler& handler;
  SaxLimits limits;
  MarkupMeter meter;
  XML_Parser parser;
  std::optional<Fault> fault;
  bool malformed = false;
  std::size_t depth = 0, bytes = 0;
  std::vector<SaxAttribute> attributes;
};

void SaxReader::State::stop(Fault with) {
  if (fault) return;
  fault = std::move(with);
  XML_StopParser(parser, XML_FALSE);
}

SaxPlace SaxReader::State::place() const {
  const auto begin = static_cast<std::size_t>(XML_GetCurrentByteIndex(parser));
  return {begin, begin + static_cast<std::size_t>(XML_GetCurrentByteCount(parser))};
}

// After a stop expat may still deliver the end of an empty element: hence the checks.
void SaxReader::State::on_begin(void* user, const XML_Char* name, const XML_Char** attributes) {
  State& state = *static_cast<State*>(user);
  if (state.fault) return;
  if (++state.depth > state.limits.depth) return state.refuse("XML elements are nested too deeply");
  state.attributes.clear();
  for (; *attributes; attributes += 2) {
    if (state.attributes.size() >= state.limits.attributes_of_an_element)
      return state.refuse("an XML element has too many attributes");
    state.attributes.push_back({split_name(attributes[0]), attributes[1]});
  }
  state.note(state.handler.element_begin(split_name(name), state.attributes, state.place()));
}

void SaxReader::State::on_end(void* user, const XML_Char* name) {
  State& state = *static_cast<State*>(user);
  if (state.fault) return;
  --state.depth;
  state.note(state.handler.element_end(split_name(name), state.place()));
}

void SaxReader::State::on_characters(void* user, const XML_Char* text, int size) {
  State& state = *static_cast<State*>(user);
  if (state.fault) return;
  state.note(state.handler.characters(std::string_view(text, static_cast<std::size_t>(size)), state.place()));
}

void SaxReader::State::on_declaration(void* user, const XML_Char*, const XML_Char* encoding, int) {
  State& state = *static_cast<State*>(user);
  if (state.fault) return;
  state.note(state.handler.declaration(encoding ? encoding : "", state.place()));
}

void SaxReader::State::on_doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<State*>(user)->refuse("XML with a DOCTYPE is refused");
}

Result<void> SaxReader::State::parse(std::string_view text, bool last) {
  if (fault) return *fault;
  if (XML_Parse(parser, text.data(), static_cast<int>(text.size()), last ? 1 : 0) != XML_STATUS_ERROR) return {};
  if (!fault) {
    malformed = true;
    fault = invalid(std::string("XML is not well-formed: ") + XML_ErrorString(XML_GetErrorCode(parser)) + " at line " +
                    std::to_string(XML_GetCurrentLineNumber(parser)) + ", column " +
                    std::to_string(XML_GetCurrentColumnNumber(parser) + 1));
  }
  return *fault;
}

SaxReader::SaxReader(SaxHandler& handler, SaxLimits limits) : state_(std::make_unique<State>(handler, limits)) {}

SaxReader::~SaxReader() = default;

Result<void> SaxReader::feed(ByteView bytes) {
  state_->bytes += bytes.size();
  if (state_->bytes > state_->limits.bytes) {
    state_->refuse("XML is too long");
    return *state_->fault;
  }
  if (auto metered = state_->meter.pass(bytes); !metered) {
    state_->refuse(metered.error().text);
    return *state_->fault;
  }
  constexpr std::size_t kPiece = std::size_t{16} << 20;  // expat counts in int
  for (std::string_view rest = as_text(bytes); !rest.empty(); rest.remove_prefix(std::min(rest.size(), kPiece)))
    if (auto parsed = state_->parse(rest.substr(0, kPiece), false); !parsed) return parsed;
  return {};
}

bool SaxReader::malformed() const { return state_->malformed; }

Result<void> SaxReader::end() { return state_->parse({}, true); }

}  // namespace causeway::xml
