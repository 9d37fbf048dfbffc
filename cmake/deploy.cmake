# ONNX writing and checking (Debian) and ONNX running (OpenVINO's wheel, from the
# same virtual environment as LibTorch). Gives onnx, onnx_proto, openvino::runtime
# and httplib::httplib.
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED)

if(NOT FERBENCH_OPENVINO_DIR)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/setup.sh --print-torch-dir
    OUTPUT_VARIABLE torch_dir OUTPUT_STRIP_TRAILING_WHITESPACE)
  cmake_path(GET torch_dir PARENT_PATH site_packages)
  set(FERBENCH_OPENVINO_DIR ${site_packages}/openvino)
endif()
if(NOT EXISTS ${FERBENCH_OPENVINO_DIR}/cmake)
  message(FATAL_ERROR "[openvino] no OpenVINO at '${FERBENCH_OPENVINO_DIR}'. Run scripts/setup.sh, "
    "or pass -DFERBENCH_OPENVINO_DIR=<site-packages>/openvino, or -DFERBENCH_DEPLOY=OFF.")
endif()
find_package(OpenVINO REQUIRED COMPONENTS Runtime
  PATHS ${FERBENCH_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)
set(FERBENCH_OPENVINO_LIB_DIR ${FERBENCH_OPENVINO_DIR}/libs)

# Debian's is split into a header and a library: the definitions that the library
# was built with (cpp-httplib.pc has them) decide the layout of its classes.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
add_library(httplib::httplib INTERFACE IMPORTED)
target_link_libraries(httplib::httplib INTERFACE PkgConfig::HTTPLIB Threads::Threads)
