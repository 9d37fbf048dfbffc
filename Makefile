# Short names for the usual commands; each is one script that runs without make.
PREFIX ?= /usr/local
.DEFAULT_GOAL := help
.PHONY: help build demo test bench format format-check lint asan gpu-test \
        gpu-bench install clean

help:          ## this list
	@sed -n 's/^\([a-z-]*\): *.*## /  make \1\t/p' Makefile | expand -t 20

build:         ## set up this machine and build the program: build/ferbench
	@scripts/build.sh
demo:          ## build, then train, score and report a model on drawn faces
	@scripts/demo.sh
test:          ## build everything and run every test
	@scripts/test.sh
bench:         ## Fernet beside PyTorch, in turn: one table
	@scripts/bench.sh
format:        ## format the C++ and CUDA sources
	@scripts/format.sh
format-check:  ## say which sources are not formatted
	@scripts/format.sh --check
lint:          ## format, shell scripts, YAML and JSON
	@scripts/lint.sh
asan:          ## tests of the torch-free libraries under the sanitizers
	@scripts/asan.sh
gpu-test:      ## tests that need a GPU
	@scripts/gpu_suite.sh test
gpu-bench:     ## rates on the GPU, alone and beside PyTorch, as CSV
	@scripts/gpu_suite.sh bench
install: build ## install the program under PREFIX (default /usr/local)
	@cmake --install build --prefix "$(PREFIX)"
clean:         ## remove the build folders; runs/ and data/ stay
	@rm -rf build build-debug build-asan build-cpu build-gpu
