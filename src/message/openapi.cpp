// SPDX-License-Identifier: MIT
// OpenAPI documents with the addresses of their servers taken out. The texts are replaced in
// place: writing a document anew would lose quotes, comments and the look of numbers.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <boost/json.hpp>
#include <sstream>

#include "base/utf8.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/metadata.hpp"
#include "message/uri.hpp"

namespace causeway::message {
namespace {

constexpr std::size_t kMaxDocument = std::size_t{32} << 20;
constexpr std::size_t kMaxDepth = 100;

Fault unreadable(std::string text) { return fault(FaultCode::internal_error, "OpenAPI document: " + std::move(text)); }

// A value of the document that is to be replaced, with its quotes.
struct Address {
  std::size_t begin, end;
  std::string url;
};

bool is_version_3(std::string_view version) { return version.starts_with("3."); }

Result<std::string> path_of(std::string_view url) {
  if (!url.empty() && !is_uri(url)) return unreadable("the url of a server is no URL: " + std::string(url));
  url = url.substr(0, url.find_first_of("?#"));
  if (const auto colon = url.find(':'); colon != std::string_view::npos && colon < url.find('/')) {
    url.remove_prefix(colon + 1);
    if (!url.starts_with('/')) return std::string();  // "mailto:a@b" has no path
  }
  if (url.starts_with("//")) {
    const auto slash = url.find('/', 2);
    url.remove_prefix(slash == std::string_view::npos ? url.size() : slash);
  }
  while (url.starts_with("//")) url.remove_prefix(1);  // would read as a host again
  return std::string(url);
}

bool has_variables(std::string_view url) {
  return url.find('{') != std::string_view::npos && url.find('}') != std::string_view::npos;
}

Result<std::string> with_paths(std::string_view document, const std::vector<Address>& addresses) {
  std::string result;
  std::size_t from = 0;
  for (const Address& address : addresses) {
    if (has_variables(address.url)) continue;
    const auto path = path_of(address.url);
    if (!path) return path.error();
    // What may stand in a URI needs no escape in JSON, nor in double quotes of YAML.
    result.append(document.substr(from, address.begin - from)).append("\"").append(*path).append("\"");
    from = address.end;
  }
  return result.append(document.substr(from));
}

// Walks JSON that is known to be well-formed and notes the texts at /servers/<n>/url.
class JsonAddresses {
 public:
  explicit JsonAddresses(std::string_view document) : text_(document) {}
  std::vector<Address> find() {
    value(Place::document);
    return std::move(found_);
  }

 private:
  enum class Place { document, servers, server, url, other };

  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  std::string_view string() {
    const std::size_t begin = at_++;
    while (text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    return text_.substr(begin, ++at_ - begin);
  }
  static std::string decoded(std::string_view quoted) {
    const boost::json::value value = boost::json::parse(boost::json::string_view(quoted.data(), quoted.size()));
    return std::string(value.as_string().data(), value.as_string().size());
  }
  static Place member(Place parent, const std::string& name) {
    if (parent == Place::document && name == "servers") return Place::servers;
    if (parent == Place::server && name == "url") return Place::url;
    return Place::other;
  }
  // The depth of the document was limited when it was parsed.
  void value(Place place) {
    space();
    if (text_[at_] == '{' || text_[at_] == '[') {
      const bool object = text_[at_++] == '{';
      for (space(); text_[at_] != '}' && text_[at_] != ']'; space()) {
        if (text_[at_] == ',') ++at_, space();
        Place inner = !object && place == Place::servers ? Place::server : Place::other;
        if (object) {
          inner = member(place, decoded(string()));
          space();
          ++at_;  // ':'
        }
        value(inner);
      }
      ++at_;
    } else if (text_[at_] == '"') {
      const std::size_t begin = at_;
      const std::string_view quoted = string();
      if (place == Place::url) found_.push_back({begin, at_, decoded(quoted)});
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Address> found_;
};

Result<std::string> anonymous_json(std::string_view document) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  const boost::json::value tree =
      boost::json::parse(boost::json::string_view(document.data(), document.size()), error, {}, options);
  if (error) return unreadable("it is no JSON: " + error.message());
  if (!tree.is_object()) return unreadable("it is no JSON object");
  if (const boost::json::value* version = tree.as_object().if_contains("openapi"))
    if (!version->is_string() ||
        !is_version_3(std::string_view(version->as_string().data(), version->as_string().size())))
      return unreadable("its version is not 3");
  return with_paths(document, JsonAddresses(document).find());
}

// The place of a scalar of one line; nullopt for one that is written in another way.
std::optional<Address> yaml_scalar(std::string_view document, int position, const std::string& value) {
  if (position < 0 || static_cast<std::size_t>(position) >= document.size()) return std::nullopt;
  const auto begin = static_cast<std::size_t>(position);
  const char quote = document[begin];
  if (quote != '"' && quote != '\'') {
    if (document.substr(begin, value.size()) != value) return std::nullopt;
    return Address{begin, begin + value.size(), value};
  }
  for (std::size_t i = begin + 1; i < document.size(); ++i) {
    if (quote == '"' && document[i] == '\\') {
      ++i;
    } else if (document[i] == quote) {
      if (quote == '\'' && i + 1 < document.size() && document[i + 1] == quote) {
        ++i;
      } else {
        return Address{begin, i + 1, value};
      }
    }
  }
  return std::nullopt;
}

// Leaves yaml-cpp's parser from inside a callback; never leaves this file.
struct Refused {
  std::string reason;
};

// Notes the texts at /servers/<n>/url while the document passes. A tree of it would take
// two hundred times its size.
class YamlAddresses : public YAML::EventHandler {
 public:
  explicit YamlAddresses(std::string_view document) : document_(document) {}
  std::vector<Address> take() { return std::move(found_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { leaf("", nullptr); }
  // What it stands for is written elsewhere, and would show there.
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {
    if (place() != Place::other) throw Refused{"write servers and openapi out, without aliases"};
    leaf("", nullptr);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string& value) override {
    leaf(value, &mark);
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(false);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(true);
  }
  void OnMapEnd() override { close(); }

 private:
  enum class Place { document, version, servers, server, url, other };
  struct Open {
    Place place;
    bool map, at_key;
    Place value = Place::other;  // of a map: what the key before says
  };

  // Of the node that begins now.
  Place place() const {
    if (open_.empty()) return Place::document;
    const Open& parent = open_.back();
    if (parent.map) return parent.at_key ? Place::other : parent.value;
    return parent.place == Place::servers ? Place::server : Place::other;
  }

  void open(bool map) {
    const Place here = place();
    if (here == Place::document && !map) throw Refused{"it is no YAML mapping"};
    if (here == Place::version) throw Refused{"its version is not 3"};
    if (open_.size() >= kMaxDepth) throw Refused{"it is nested too deeply"};
    open_.push_back({here, map, map});
  }
  void close() {
    open_.pop_back();
    node_ended(Place::other);
  }

  void leaf(const std::string& value, const YAML::Mark* mark) {
    const Place here = place();
    if (here == Place::document) throw Refused{"it is no YAML mapping"};
    if (here == Place::version && !is_version_3(value)) throw Refused{"its version is not 3"};
    if (here == Place::url && mark != nullptr && !value.empty()) note(*mark, value);
    node_ended(member(value));
  }

  // `value`: where a value belongs, had the node been its key.
  void node_ended(Place value) {
    if (open_.empty() || !open_.back().map) return;
    if (open_.back().at_key) open_.back().value = value;
    open_.back().at_key = !open_.back().at_key;
  }

  Place member(const std::string& key) const {
    if (open_.back().place == Place::document && key == "servers") return Place::servers;
    if (open_.back().place == Place::document && key == "openapi") return Place::version;
    if (open_.back().place == Place::server && key == "url") return Place::url;
    return Place::other;
  }

  // Letting it pass would show the address.
  void note(const YAML::Mark& mark, const std::string& value) {
    const auto address = yaml_scalar(document_, mark.pos, value);
    if (!address || (!found_.empty() && address->begin < found_.back().end))
      throw Refused{"write the url of each server as one plain or quoted text"};
    found_.push_back(*address);
  }

  std::string_view document_;
  std::vector<Open> open_;
  std::vector<Address> found_;
};

Result<std::string> anonymous_yaml(std::string_view document) {
  try {
    YamlAddresses addresses(document);
    std::istringstream stream{std::string(document)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(addresses)) return unreadable("it is no YAML mapping");
    return with_paths(document, addresses.take());
  } catch (const Refused& refused) {
    return unreadable(refused.reason);
  } catch (const YAML::Exception& problem) {
    return unreadable(std::string("it is no YAML: ") + problem.what());
  }
}

}  // namespace

Result<std::string> anonymous_openapi(std::string_view document, std::string_view content_type, std::string_view url) {
  while (document.starts_with("\xef\xbb\xbf")) document.remove_prefix(3);  // readers count without byte order marks
  if (document.size() > kMaxDocument) return unreadable("it is too long");
  if (!is_utf8(document)) return unreadable("it is not valid UTF-8");
  const bool json = content_type.find("application/json") != std::string_view::npos;
  if (json) return anonymous_json(document);
  if (content_type == "application/x-yaml") return anonymous_yaml(document);
  return url.substr(0, url.find_first_of("?#")).ends_with(".json") ? anonymous_json(document)
                                                                   : anonymous_yaml(document);
}

}  // namespace causeway::message
