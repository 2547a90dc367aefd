"""What experiments share: options, data, models, training, corruption, figures, results, pages."""
