// SPDX-License-Identifier: MIT
// The image of shared parameters, kept in a file beside them. The administration makes it
// when it has read a new configuration; every process of the server maps it, so that the
// configuration is read once and held once.
//
// It may be deleted at any time, and is passed over when it does not belong to the very file
// beside it: then the document is read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "globalconf/instance_image.hpp"

namespace causeway::globalconf {

inline constexpr std::string_view kImageSuffix = ".image";

std::filesystem::path image_file(const std::filesystem::path& document);

// Writes `block` (image_writer.hpp) as the image of what is in `source` now, and will soon be
// renamed to `document`. io_error.
Result<void> save_image(std::string block, const std::filesystem::path& source, const std::filesystem::path& document);

// Of `document`, a file of `version`: from its image if there is one, else read, within
// `limit` octets. io_error, malformed_global_conf.
Result<InstanceImage> load_image(const std::filesystem::path& document, std::size_t limit, int version);

}  // namespace causeway::globalconf
