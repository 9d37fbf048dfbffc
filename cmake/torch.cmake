# LibTorch from the PyPI wheel, without find_package(Torch): that one asks for a
# CUDA toolkit even where none is needed. Gives torch::torch_cpu.
if(NOT FERBENCH_TORCH_DIR)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/setup.sh --print-torch-dir
    OUTPUT_VARIABLE FERBENCH_TORCH_DIR OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT EXISTS ${FERBENCH_TORCH_DIR}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "[torch] no LibTorch at '${FERBENCH_TORCH_DIR}'. Run scripts/setup.sh, "
    "or pass -DFERBENCH_TORCH_DIR=<site-packages>/torch, or -DFERBENCH_TORCH=OFF.")
endif()

foreach(lib c10 torch_cpu)
  add_library(torch::${lib} SHARED IMPORTED)
  set_target_properties(torch::${lib} PROPERTIES
    IMPORTED_LOCATION ${FERBENCH_TORCH_DIR}/lib/lib${lib}.so)
  # -idirafter: the wheel carries its own fmt and protobuf headers, which would hide the system's.
  target_compile_options(torch::${lib} INTERFACE
    "SHELL:-idirafter ${FERBENCH_TORCH_DIR}/include"
    "SHELL:-idirafter ${FERBENCH_TORCH_DIR}/include/torch/csrc/api/include")
endforeach()
target_link_libraries(torch::torch_cpu INTERFACE torch::c10)
set(FERBENCH_TORCH_LIB_DIR ${FERBENCH_TORCH_DIR}/lib)

# fer_torch_headers(train EXCEPT a.cpp): builds fer_train with the precompiled torch
# headers. Not torch/torch.h: its modules were compiled again in every file that has the
# header. EXCEPT files that see nothing of torch: to load half a gigabyte of headers takes
# seconds a file.
function(fer_torch_headers name)
  cmake_parse_arguments(ARG "" "" "EXCEPT" ${ARGN})
  if(name STREQUAL "models")
    target_precompile_headers(fer_models PRIVATE <torch/nn/module.h>)
  else()
    target_precompile_headers(fer_${name} REUSE_FROM fer_models)
  endif()
  set_source_files_properties(${ARG_EXCEPT} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
