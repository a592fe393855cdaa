// SPDX-License-Identifier: MIT
// The two manifests of a container (evidence.md 4.4). Neither is signed: they say what a
// container holds, and what a batch timestamp is over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {

// META-INF/manifest.xml: files outside META-INF, but for mimetype and the root.
struct FileManifest {
  struct File {
    std::string path;
    std::string media_type;
  };
  std::string media_type;  // of the container as a whole; empty when it is not said
  std::vector<File> files;
};

// META-INF/ASiCManifest.xml.
struct AsicManifest {
  std::string signature_uri;  // the timestamp
  struct Reference {
    std::string uri;
    std::string media_type;
    std::optional<pki::DigestAlgorithm> algorithm;  // absent: none that is known
    Bytes digest;
  };
  std::vector<Reference> references;
};

std::string write_file_manifest(const FileManifest& manifest);
std::string write_asic_manifest(const AsicManifest& manifest);

// asic_invalid_container for everything that is not as these are written; what the
// namespaces of others add is passed over.
Result<FileManifest> read_file_manifest(std::string_view text);
Result<AsicManifest> read_asic_manifest(std::string_view text);

}  // namespace causeway::evidence
