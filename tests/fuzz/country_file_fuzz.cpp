// SPDX-License-Identifier: MIT
// The file of a country: what is read can be written, and reading that gives the same.
#include <string>

#include "country/country_reader.hpp"
#include "country/country_writer.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;

Result<std::string> none(const std::string& path) { return Fault{"io_error", path + " is not there"}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto read = country::read_country(std::string(fuzz::text_of(bytes, size)), "input", none);
  if (!read) {
    fuzz::require(read.error().code == country::kMalformed);
    return 0;
  }
  const auto written = country::write_country(*read, {});
  const auto again = country::read_country(written.yaml, "written", [&](const std::string& path) {
    const auto found = written.attached.find(path);
    return found == written.attached.end() ? none(path) : Result<std::string>(found->second);
  });
  fuzz::require(again.ok());
  const auto once_more = country::write_country(*again, {});
  fuzz::require(once_more.yaml == written.yaml && once_more.attached == written.attached);
  return 0;
}
