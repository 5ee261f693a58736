"""What is kept of every act: moves, audit, versions, files, numbers, comments."""
