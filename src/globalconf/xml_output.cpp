// SPDX-License-Identifier: MIT
#include "globalconf/xml_output.hpp"

namespace causeway::globalconf {

XmlOutput::XmlOutput(std::string_view root) : root_("t:" + std::string(root)) {
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root_ +
         " xmlns:t=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:i=\"http://x-road.eu/xsd/identifiers\">\n";
}

void XmlOutput::indent() { out_.append(depth_ * 2, ' '); }

void XmlOutput::open(std::string_view name, std::string_view attributes) {
  indent();
  out_.append("<").append(name);
  if (!attributes.empty()) out_.append(" ").append(attributes);
  out_.append(">\n");
  ++depth_;
}

void XmlOutput::close(std::string_view name) {
  --depth_;
  indent();
  out_.append("</").append(name).append(">\n");
}

void XmlOutput::text(std::string_view name, std::string_view value) {
  indent();
  out_.append("<").append(name).append(">").append(escape(value)).append("</").append(name).append(">\n");
}

void XmlOutput::base64(std::string_view name, ByteView value) { text(name, to_base64(value)); }

std::string XmlOutput::finish() {
  out_.append("</").append(root_).append(">\n");
  return std::move(out_);
}

std::string XmlOutput::escape(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (const char c : value) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\r': out += "&#13;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace causeway::globalconf
